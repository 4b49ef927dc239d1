import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartFiles } from '../../src/manifests/chart/files';
import { CHART_VERSION } from '../../src/manifests/lab-session-chart';
import { defaultValues } from '../../src/api/values/defaults';
import { dozlab } from '../support/cli';
import { temporaryFolder } from '../support/project';
import { chartFolder } from './chart';
import { BOTH } from './helm';

const folder = chartFolder();

/** Makes the archive as a user does, and gives its path. */
function packaged(): string {
  const out = join(temporaryFolder(), 'out');
  mkdirSync(out);
  const { status, stdout } = dozlab(['chart', 'package', '--out', out]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${join(out, `lab-session-${CHART_VERSION}.tgz`)}\n` });
  return stdout.trim();
}

const archive = packaged();

const VALUES = chartFiles()
  .map(({ path }) => path)
  .filter((path) => /^ci\/.*-values\.yaml$/.test(path));

test('the chart has values files to be checked with', () => {
  expect(VALUES).toEqual(['ci/default-values.yaml', 'ci/everything-values.yaml']);
});

test('the archive has the same bytes each time', () => {
  expect(readFileSync(packaged()).equals(readFileSync(archive))).toBe(true);
});

describe.each(BOTH)('%s', (_, helm) => {
  test.each(VALUES)('finds nothing wrong with the folder and the archive and %s', (values) => {
    for (const chart of [folder, archive]) {
      const said = helm.run(['lint', '--strict', chart, '-f', join(folder, values)]);
      expect(said).toContain('1 chart(s) linted, 0 chart(s) failed');
      expect(said).not.toMatch(/\[(INFO|WARNING|ERROR)\]/);
    }
  });

  test('reads the archive', () => {
    expect(parse(helm.run(['show', 'values', archive]))).toEqual(parse(JSON.stringify(defaultValues())));
    expect(parse(helm.run(['show', 'chart', archive]))).toMatchObject({ name: 'lab-session', version: CHART_VERSION });
    expect(helm.run(['show', 'readme', archive])).toContain('# lab-session');
  });

  test('renders the folder and the archive to the same objects', () => {
    const rendered = [folder, archive].map((chart) =>
      helm.run(['template', 'lab', chart, '-f', join(folder, 'ci/everything-values.yaml'), '--kube-version', '1.36.0']),
    );
    expect(rendered[0]).toContain('kind: Deployment');
    expect(rendered[1]).toBe(rendered[0]);
  });
});
