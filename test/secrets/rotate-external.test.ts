import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { pathsBelow } from '../support/folder';
import { SESSION_FILE, secretProject, textOf } from '../support/secret-project';
import { secretRuns } from '../support/secret-runs';

/** Session files in many layouts: two rotations change only the number. */
const HEAD = 'apiVersion: dozlab.io/v1alpha1\nkind: LabSession\nmetadata:\n  name: alice\n';
const SPEC = 'spec:\n  userId: alice\n  lab: vm\n';

const LAYOUTS: Readonly<Record<string, string>> = {
  plain: `${HEAD}${SPEC}`,
  'no line end at the end': `${HEAD}${SPEC}`.trimEnd(),
  comments: `# first\n\n${HEAD}# before spec\nspec: # at spec\n  # before userId\n  userId: alice # at userId\n  lab: vm\n  # last\n# the end\n`,
  'spec first': `${SPEC}${HEAD}`,
  'lines of Windows': `${HEAD}${SPEC}`.replaceAll('\n', '\r\n'),
  'a mark of the byte order': `\ufeff${HEAD}${SPEC}`,
  'a start and an end of the document': `---\n${HEAD}${SPEC}...\n`,
  'a directive': `%YAML 1.2\n---\n${HEAD}${SPEC}`,
  'empty lines': `${HEAD}\n\n\n${SPEC}\n\n`,
  'four spaces': HEAD.replaceAll('  ', '    ') + SPEC.replaceAll('  ', '    '),
  'a list at the level of its key': `${HEAD}${SPEC}  values:\n    imagePullSecrets:\n    - name: one\n    - name: two\n`,
  quotes: `${HEAD}spec:\n  "userId": 'alice'\n  'lab': "vm"\n`,
  'spaces behind colons': `${HEAD}spec:\n  userId:    alice\n  lab:       vm\n`,
  'long text': `${HEAD}spec:\n  userId: >-\n    alice\n    of the class\n  lab: vm\n`,
  'JSON': '{"apiVersion": "dozlab.io/v1alpha1", "kind": "LabSession", "metadata": {"name": "alice"}, "spec": {"userId": "alice", "lab": "vm"}}\n', // prettier-ignore
  'spec in braces': `${HEAD}spec: {userId: alice, lab: vm}\n`,
  'a number that is there': `${HEAD}${SPEC}  secretGeneration: 1 # counts\n  expiresAt: 2030-01-01T00:00:00Z\n`,
  'an anchor': `${HEAD}${SPEC}  values:\n    terminal: {resources: &r {limits: {cpu: 1.50}}}\n    firecracker: {vm: {cpuCount: 0x2}}\n`,
};

const rotated = Object.entries(LAYOUTS).map(([name, text]) => {
  const folder = secretProject({ provider: 'external-secrets' });
  writeFileSync(join(folder, SESSION_FILE), text);
  return { name, text, folder };
});
const rotate = (folder: string) => ({ args: ['secret', 'rotate', 'alice', '--yes', '--project', folder] });
const first = secretRuns(rotated.map(({ folder }) => rotate(folder)));
const once = rotated.map(({ folder }) => textOf(folder, SESSION_FILE));
const second = secretRuns(rotated.map(({ folder }) => rotate(folder)));

const generationIn = (text: string): unknown => parseDocument(text).getIn(['spec', 'secretGeneration']);
const without = (text: string): unknown => {
  const document = parseDocument(text);
  document.deleteIn(['spec', 'secretGeneration']);
  return document.toJS();
};

describe('dozlab secret rotate in a session file with', () => {
  const cases = rotated.map(({ name }, index) => [name, index] as const);

  test.each(cases)('%s increments the generation and changes no other value', (_, index) => {
    const { text, folder } = rotated[index] ?? { text: '', folder: '' };
    expect([first[index]?.status, second[index]?.status]).toEqual([0, 0]);
    expect(first[index]?.stderr).toContain('spec.secretGeneration 2');
    expect(second[index]?.stderr).toContain('spec.secretGeneration 3');
    const twice = textOf(folder, SESSION_FILE);
    expect([once[index] ?? '', twice].map(generationIn)).toEqual([2, 3]);
    expect(without(twice)).toEqual(without(text));
    expect(pathsBelow(join(folder, 'sessions'))).toEqual(['class/alice.yaml', 'class/cohort.yaml']);
  });

  test.each(cases)('%s leaves all other lines unchanged', (_, index) => {
    const { text } = rotated[index] ?? { text: '' };
    const changed = once[index] ?? '';
    // Without the new line, every byte is the same.
    const cut = (whole: string): string =>
      whole.replace(/(\r?\n)? *,? *("secretGeneration"|secretGeneration): *\d+/, '').trimEnd();
    expect(cut(changed)).toBe(cut(text));
  });

  test('an anchor at the number refuses, as another value refers to it', () => {
    const folder = secretProject({ provider: 'external-secrets' });
    const text = `${HEAD}${SPEC}  secretGeneration: &n 2\n  values: {firecracker: {vm: {cpuCount: *n}}}\n`;
    writeFileSync(join(folder, SESSION_FILE), text);
    const [run] = secretRuns([rotate(folder)]);
    expect(run?.status).toBe(1);
    expect(run?.stderr).toContain('set it by hand');
    expect(textOf(folder, SESSION_FILE)).toBe(text);
  });

  test('the largest number does not grow beyond the one that validate accepts', () => {
    const folder = secretProject({ provider: 'external-secrets' });
    writeFileSync(join(folder, SESSION_FILE), `${HEAD}${SPEC}  secretGeneration: 1000000\n`);
    const [run, validate] = secretRuns([rotate(folder), { args: ['validate', '--project', folder] }]);
    expect(validate?.status).toBe(0);
    expect(run?.status).toBe(1);
  });
});
