import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeProject } from '../../src/index';
import { chartFiles } from '../../src/manifests/chart/files';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { REPOSITORY } from '../support/cli';
import { pathsBelow } from '../support/folder';
import { temporaryFolder } from '../support/project';
import { HELMS, objectsIn, sorted, template, writeFiles } from './helm';

/** Plain data, without the prototypes of classes and parsers. */
const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const { sessions } = synthesizeProject(REPOSITORY);
const dist = (path: string): string => readFileSync(join(REPOSITORY, 'dist', path), 'utf8');

test('dist has every session of the example project, and the chart', () => {
  expect(sessions.length).toBeGreaterThan(0);
  expect(pathsBelow(join(REPOSITORY, 'dist', 'sessions'))).toEqual(
    sessions.map(({ cohort, id }) => `${cohort}/${id}.yaml`).sort(),
  );
  expect(Object.fromEntries(chartFiles().map(({ path }) => [path, dist(`charts/lab-session/${path}`)]))).toEqual(
    Object.fromEntries(chartFiles().map(({ path, content }) => [path, content])),
  );
});

describe.each(sessions.map((session) => [`${session.cohort}/${session.id}`, session] as const))(
  '%s',
  (path, { namespace, values }) => {
    test('dist has what the compiled program prints and the constructs give', () => {
      const text = dist(`sessions/${path}.yaml`);
      expect(text.replace(/^# .*\n/, '')).toBe(labSessionChart.text(values, namespace));
      expect(data(objectsIn(text))).toEqual(data(labSessionChart.objects(values, namespace)));
    });

    test.each(HELMS)('%s renders the same by the chart in dist', async (program) => {
      const chart = writeFiles(
        temporaryFolder(),
        chartFiles().map((file) => ({ path: file.path, content: dist(`charts/lab-session/${file.path}`) })),
      );
      const file = join(temporaryFolder(), 'values.json');
      writeFileSync(file, JSON.stringify(values));
      const shown = objectsIn(await template(program, chart, file)).filter(
        ({ kind, metadata }) =>
          metadata.annotations?.['helm.sh/hook'] === undefined &&
          // Helm generates the password. The other renderings have no Secret.
          !(kind === 'Secret' && metadata.name === `lab-session-${values.session.id}-secrets`),
      );
      expect(data(sorted(shown))).toEqual(data(sorted(labSessionChart.objects(values))));
    });
  },
);
