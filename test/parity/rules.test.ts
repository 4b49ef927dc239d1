import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { faultLine, faultsOf } from '@dozlab/charts';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { CHART_RULES } from '../../src/api/rules/all';
import { checkValues } from '../../src/api/values/check';
import { defaultValues } from '../../src/api/values/defaults';
import type { SessionValues } from '../../src/api/values/schema';
import { chartFiles } from '../../src/manifests/chart/files';
import { arbitraryValues } from '../support/arbitrary-values';
import { temporaryFolder } from '../support/project';
import { ROWS } from '../support/rule-rows';
import { MINIMAL, valuesWith } from '../support/values';
import { binFolder } from '../cluster/tools';
import { bareChart, type Helm, HELMS, template, writeFiles } from './helm';

const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Values of rules that the schema of `dozlab` checks, and Helm's cannot. */
const FOR_HELM: readonly Mapping[] = [
  { networkPolicy: { blockedRanges: ['10.0.0.0/8', '10.0.0.1/8', '0.0.0.0/0'] } },
  { terminal: { extraEnv: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] } },
  { terminal: { extraEnv: [{ name: 'A' }, { name: 'B' }] } },
];

const BROKEN = [...ROWS.map(([, over]) => over), ...FOR_HELM];

/** Any values, and values in which two rows are broken at once. */
const RANDOM = [
  ...fc.sample(arbitraryValues(), { seed: SEED, numRuns: 300 }),
  ...fc
    .sample(fc.tuple(fc.constantFrom(...BROKEN), fc.constantFrom(...BROKEN)), { seed: SEED, numRuns: 300 })
    .map(([one, other]) => mergeTrees(one, other)),
];

const completed = (over: Mapping): Mapping => mergeTrees(mergeTrees(defaultValues(), MINIMAL), over);

const linesHere = (values: Mapping): string[] =>
  faultsOf(CHART_RULES, values as unknown as SessionValues).map(faultLine);

/** What the templates of the chart say of each, in one run of Helm. */
async function linesOf(program: Helm, all: readonly Mapping[]): Promise<string[][]> {
  const parts = chartFiles().filter(({ path }) => /\/_(helpers|rules)\.tpl$/.test(path));
  const out = `results:\n{{- range .Values.cases }}\n- {{ include "lab-session.faults" (dict "Values" .) | trim | toJson }}\n{{- end }}\n`;
  const folder = writeFiles(
    temporaryFolder(),
    bareChart('rules', [...parts, { path: 'templates/out.yaml', content: out }], {}),
  );
  const file = join(temporaryFolder(), 'given.json');
  writeFileSync(file, JSON.stringify({ cases: all }));
  const { results } = parse(await template(program, folder, file)) as { results: string[] };
  return results.map((text) => (text === '' ? [] : text.split('\n')));
}

test.each(HELMS)(`%s says the same as dozlab of ${String(BROKEN.length)} values of rules`, async (program) => {
  const all = BROKEN.map(completed);
  const said = await linesOf(program, all);
  expect(all.map((_, index) => [BROKEN[index], said[index]?.sort()])).toEqual(
    all.map((values, index) => [BROKEN[index], linesHere(values).sort()]),
  );
});

test.each(HELMS)(`%s says the same as dozlab of random values (seed ${String(SEED)})`, async (program) => {
  const all = RANDOM.map(completed);
  const said = await linesOf(program, all);
  expect(all.map((_, index) => [RANDOM[index], said[index]?.sort()])).toEqual(
    all.map((values, index) => [RANDOM[index], linesHere(values).sort()]),
  );
});

test('every rule of the chart is broken by one of the values, and kept by others', () => {
  for (const [name, checks] of Object.entries(CHART_RULES)) {
    const faults = BROKEN.map((over) => faultsOf({ [name]: checks }, completed(over) as unknown as SessionValues));
    expect([name, faults.some((each) => each.length > 0)]).toEqual([name, true]);
    expect([name, faults.some((each) => each.length === 0)]).toEqual([name, true]);
  }
});

/** What Helm leaves to its schema and to Kubernetes: they refuse it before anything is made. */
const LEFT_TO_OTHERS = [
  'resources are those of Kubernetes',
  'claims are whole',
  'no text hides a manifest',
  'annotations fit into an object',
];

test('an error of dozlab is a fault of the chart, but for what its schema and Kubernetes refuse', () => {
  const left = ROWS.flatMap(([rule, over]) => {
    const hasError = checkValues(valuesWith(over)).problems.some(({ severity }) => severity === 'error');
    return hasError && linesHere(completed(over)).length === 0 ? [rule] : [];
  });
  expect(Array.from(new Set(left))).toEqual(LEFT_TO_OTHERS);
});

test.each(HELMS)('%s fails with all faults at once, and prints no value of a variable', (program) => {
  const chart = writeFiles(temporaryFolder(), chartFiles());
  const file = join(chart, 'given.json');
  const over: Mapping = {
    service: { ports: { ssh: 8080 } },
    volumes: { vmData: { sizeLimit: '1e30' } },
    codeServer: {
      extraEnv: [
        { name: 'PASSWORD', value: 'hunter2-plain' },
        { name: 'SUDO_PASSWORD', value: 'hunter2-sudo' },
      ],
    },
    annotations: { 'config.kubernetes.io/local-config': 'true' },
    ingress: { enabled: true },
  };
  writeFileSync(file, JSON.stringify(valuesWith(over)));
  const args = ['template', 'release', chart, '--kube-version', '1.36.0', '--values', file];
  const { stderr: said } = spawnSync(join(binFolder(), program), args, { encoding: 'utf8' });
  expect(said).toContain('the values of lab-session are not valid:\n');
  const lines = said.split('\n').filter((line) => /\([a-z-]+\)$/.test(line));
  expect(lines.sort()).toEqual(linesHere(completed(over)).sort());
  expect(lines).toHaveLength(6);
  expect(said).not.toContain('hunter2');
});
