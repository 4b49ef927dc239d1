import { dozlab } from '../support/cli';
import { dozlabRuns } from '../support/cli-runs';
import { pathsBelow } from '../support/folder';
import { projectWith, smallProject, temporaryFolder } from '../support/project';

/** Command lines that make no sense, and what the message must tell. */
const WRONG: readonly (readonly [args: readonly string[], says: string])[] = [
  [[], 'a command is missing'],
  [['synht'], 'Did you mean synth?'],
  [['frobnicate'], 'frobnicate'],
  [['synth', '--chekc'], 'Unknown argument: chekc'],
  [['synth', 'extra'], 'Unknown argument: extra'],
  [['synth', '--check', '--dry-run'], 'mutually exclusive'],
  [['synth', '--project'], 'project'],
  [['synth', '--project.name=labs'], 'Unknown argument: project.name'],
  [['synth', '--check=1'], '--check=1 is neither on nor off; accepted: --check, --check=true or --check=false'],
  [['synth', '--dry-run='], '--dry-run= is neither on nor off'],
  [['expire', '--dry-run=yes', '--now', '2035-01-01T00:00:00Z'], '--dry-run=yes is neither on nor off'],
  [['session', 'end', 'alice-001', '--commit=no'], '--commit=no is neither on nor off'],
  [['validate', '-o', 'yaml'], '"text", "json"'],
  [['render'], 'file'],
  [['render', '-f'], 'Not enough arguments'],
  [['render', '-f', 'values.yaml', '-o', 'xml'], '"yaml", "json"'],
  [['explain', 'firecracker.vm.memroy'], 'did you mean firecracker.vm.memory?'],
  [['explain', 'memory'], 'did you mean firecracker.vm.memory?'],
  [['explain', '__proto__'], '__proto__'],
  [['schema'], 'at least 1'],
  [['schema', 'pod'], '"session", "cohort", "lab", "project", "values"'],
];

const NO_PROJECT = [['synth'], ['validate'], ['app']] as const;

const folder = temporaryFolder();
const runs = dozlabRuns([...WRONG.map(([args]) => args), ...NO_PROJECT], folder);

test.each(WRONG.map(([args, says], index) => [args, says, runs[index]] as const))(
  'dozlab %j is bad usage',
  (_, says, run) => {
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run?.stderr).toMatch(/^dozlab: /);
    expect(run?.stderr).toContain(says);
    expect(run?.stderr).toMatch(/^dozlab .*--help shows the usage$/m);
    expect(run?.stderr).not.toMatch(/^ +at /m);
  },
);

test.each(NO_PROJECT.map((args, index) => [args, runs[WRONG.length + index]] as const))(
  'dozlab %j in a folder that is no project is bad input',
  (_, run) => {
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run?.stderr).toContain('dozlab init makes one');
  },
);

/** Command lines that mean the same, the plainest first. */
const SAME: readonly (readonly (readonly string[])[])[] = [
  [['validate'], ['validate', '--project', '.'], ['validate', '--project=.'], ['validate', '-o', 'text']],
  [
    ['validate', '--output', 'json'],
    ['validate', '--output=json'],
    ['validate', '-o', 'json'],
    ['validate', '-o=json'],
    ['validate', '-o', 'json', '--project', 'labs/..'],
  ],
  [
    ['synth', '--check'],
    ['synth', '--check=true'],
    ['synth', '--project=.', '--check'],
  ],
  [
    ['synth', '--dry-run'],
    ['synth', '--dryRun'],
  ],
];

test.each(SAME.map((lines) => [lines[0], lines] as const))('other spellings of dozlab %j mean the same', (_, lines) => {
  const [first, ...others] = dozlabRuns(lines, projectWith(smallProject()));
  expect([first?.stdout, first?.stderr]).not.toEqual(['', '']);
  for (const other of others) expect(other).toEqual(first);
});

test('none of these wrote anything', () => {
  expect(pathsBelow(folder)).toEqual([]);
});

test('the process ends with the same codes', () => {
  expect(dozlab(['synth', '--check', '--dry-run'], { cwd: folder })).toMatchObject({ status: 2, stdout: '' });
  expect(dozlab(['synth'], { cwd: folder })).toMatchObject({ status: 1, stdout: '' });
});
