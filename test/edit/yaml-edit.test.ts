import { parseDocument } from 'yaml';
import { editedYaml } from '../../src/edit/yaml-edit';
import type { Path, Tree } from '@dozlab/charts/schema';

const ORDER = ['userId', 'lab', 'expiresAt', 'suspended', 'secretGeneration', 'values'];
const set = (text: string, path: Path, value: Tree | undefined) => editedYaml(text, [{ path, value }], ORDER);
const SUSPENDED: Path = ['spec', 'suspended'];
const MEMORY: Path = ['spec', 'values', 'firecracker', 'vm', 'memory'];
const LABEL: Path = ['spec', 'values', 'labels', 'a.b/c'];

/** Files as people write them: each edit of each must give the value, and leave all lines that were there. */
const LAYOUTS: Readonly<Record<string, string>> = {
  plain: 'kind: LabSession\nspec:\n  userId: alice\n  lab: vm\n',
  'no line end at the end': 'spec:\n  userId: alice\n  lab: vm',
  comments:
    '# first\nspec: # at spec\n  # before userId\n  userId: alice # at userId\n  lab: vm # at lab\n  # last\n# end\n',
  'a comment before values':
    'spec:\n  userId: alice\n  lab: vm\n  # for the exam\n  values:\n    # the machine\n    terminal:\n      port: 1 # of it\n    # end of values\n',
  'lines of Windows': 'spec:\r\n  userId: alice\r\n  lab: vm # x\r\n  values:\r\n    labels:\r\n      x: y\r\n',
  'a byte order mark': '\ufeffspec:\n  userId: alice\n  lab: vm\n',
  'document marks': '%YAML 1.2\n---\nspec:\n  userId: alice\n  lab: vm\n...\n',
  'a value that is nothing': 'spec:\n  userId: alice\n  lab: vm\n  values: # none yet\n',
  'a value that is null': 'spec:\n  userId: alice\n  lab: vm\n  values: null # none yet\n',
  'an empty mapping': 'spec:\n  userId: alice\n  lab: vm\n  values: {} # none yet\n',
  'values in brackets': 'spec:\n  userId: alice\n  lab: vm\n  values: { labels: { x: y }, }\n',
  'all in brackets': '{kind: LabSession, spec: {userId: alice, lab: vm}}\n',
  JSON: '{\n  "kind": "LabSession",\n  "spec": {\n    "userId": "alice",\n    "lab": "vm"\n  }\n}\n',
  'four spaces': 'spec:\n    userId: alice\n    lab: vm\n    values:\n        labels:\n            x: y\n',
  'long text': 'spec:\n  lab: vm\n  userId: >-\n    alice\n    of the class\n\n# end\n',
  'kept line ends': 'spec:\n  lab: vm\n  userId: |+\n    alice\n\n\n',
  'a list at the end':
    'spec:\n  userId: alice\n  lab: vm\n  values:\n    tolerations:\n    - key: a # one\n    - {key: b} # two\n',
  'an anchor elsewhere': 'spec:\n  userId: &u alice\n  lab: vm\n  values:\n    labels: &l {x: *u}\n    podLabels: *l\n'.replace('labels: &l {x: *u}', 'nodeSelector: &l {x: *u}'), // prettier-ignore
  'number signs in text':
    'spec:\n  userId: "alice # no comment"\n  lab: vm # one "#"\n  values:\n    annotations:\n      x: |\n        # no comment\n',
  'an odd order':
    'spec:\n  values:\n    labels:\n      x: y\n  suspended: false\n  lab: vm\n  userId: alice\nkind: LabSession\n',
  'explicit keys': '? spec\n: userId: alice\n  lab: vm\n',
};

const valueIn = (text: string | undefined, path: Path): unknown => parseDocument(text ?? '').getIn(path);
const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '');

describe.each(Object.entries(LAYOUTS))('a file with %s', (_, text) => {
  test.each([
    ['a flag', SUSPENDED, true],
    ['a time', ['spec', 'expiresAt'], '2030-01-01T00:00:00Z'],
    ['a deep value', MEMORY, 2048],
    ['a key with dots', LABEL, 'yes'],
    ['hostile text', ['spec', 'values', 'annotations', 'n'], 'a: #b "c" \'d\' {{x}} \u0085 é'],
    ['a list', ['spec', 'values', 'extra'], [{ key: 'a' }]],
  ] as const)('takes %s and keeps every line', (name, path: Path, value) => {
    const changed = set(text, path, value as Tree);
    expect({ name, changed: typeof changed }).toEqual({ name, changed: 'string' });
    const read = valueIn(changed, path);
    expect(JSON.parse(JSON.stringify(read))).toEqual(value);
    // With the line of its own (or the brackets) that was written taken away, each line is still there.
    const lines = linesOf(changed ?? '');
    const isWritten = (line: string): boolean => /[{}]/.test(line) || /^ *(suspended|values):/.test(line);
    expect(linesOf(text).filter((line) => !isWritten(line) && !lines.some((each) => each.includes(line)))).toEqual([]);
    expect((changed ?? '').includes('\r\n')).toBe(text.includes('\r\n'));
    const bare = (changed ?? '').replaceAll('\r\n', '').includes('\n');
    expect(bare).toBe(!text.includes('\r\n'));
  });

  test('is unchanged after adding and removing a value', () => {
    for (const path of [MEMORY, LABEL, ['spec', 'values', 'extra']]) {
      const changed = set(text, path, 'x') ?? '';
      const back = set(changed, path, undefined);
      // What held nothing is empty then, and goes with it.
      const bare = text.replace(/ {2}values:( null| \{\})? #.*\n/, '');
      expect(parseDocument(back ?? '').toJS()).toEqual(parseDocument(bare).toJS());
      expect(back).toBeDefined();
    }
  });

  test('is unchanged by an edit that changes nothing', () => {
    expect(set(text, ['spec', 'lab'], 'vm')).toBe(text);
    expect(set(text, ['spec', 'values', 'nodeSelector', 'not-there'], undefined)).toBe(text);
  });
});

test.each([
  ['a number', 'a: 1 # c\nb: 2\n', ['a'], 5, 'a: 5 # c\nb: 2\n'],
  ['text in single quotes', "a: 'x' # c\n", ['a'], 'y', "a: 'y' # c\n"],
  ['text in single quotes by text with one', "a: 'x'\n", ['a'], "y'z", 'a: "y\'z"\n'],
  ['text in double quotes', 'a: "x"\n', ['a'], 'y', 'a: "y"\n'],
  ['text of many lines', 'a: |\n  x\n  y\nb: 2\n', ['a'], 'z', 'a: z\nb: 2\n'],
  ['null', 'a: ~ # c\n', ['a'], true, 'a: true # c\n'],
  ['nothing', 'a: # c\nb: 1\n', ['a'], true, 'a: true # c\nb: 1\n'],
  ['a list of lines', 'a:\n  # in it\n  - 1\n  - 2 # two\nb: 2\n', ['a'], [3], '# in it\n# two\na: [3]\nb: 2\n'],
  ['an item of a list', 'a:\n  - x: 1 # c\n  - y: 2\n', ['a', 0, 'x'], 3, 'a:\n  - x: 3 # c\n  - y: 2\n'],
  ['a new key of an item', 'a:\n  - x: 1 # c\n', ['a', 0, 'z'], 3, 'a:\n  - x: 1 # c\n    z: 3\n'],
  ['text that looks like a number', 'a: 1\n', ['a'], '2', 'a: "2"\n'],
  [
    'a new key behind text of many lines',
    's:\n  a: |\n    x\nt: 1\n',
    ['s', 'b'],
    2,
    's:\n  a: |\n    x\n  b: 2\nt: 1\n',
  ],
  ['a key that is not there', 'a: 1\n', ['b'], '0o17', 'a: 1\nb: "0o17"\n'],
  ['nothing, by an entry below its comment', 'a: # c\nb: 1\n', ['a', 'x', 'z'], 2, 'a: # c\n  x:\n    z: 2\nb: 1\n'],
  ['an empty mapping, by an entry below its comment', 'a: {}  # c\n', ['a', 'x'], 2, 'a:  # c\n  x: 2\n'],
  ['null, by an entry below its comment', 'a: ~ # c\r\nb: 1\r\n', ['a', 'x'], 2, 'a: # c\r\n  x: 2\r\nb: 1\r\n'],
  ['brackets around a comment, by an entry in front of it', 'a: {\n  # c\n}\n', ['a', 'x'], 2, 'a: {"x":2\n  # c\n}\n'],
])('editedYaml replaces %s', (_, text, path: Path, value, wanted) => {
  expect(set(text, path, value)).toBe(wanted);
});

test.each([
  ['a line', 'a: 1\nb: 2\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
  ['the first line', '# c\na: 1\nb: 2\n', ['a'], '# c\nb: 2\n'],
  ['the last line', 'a: 1\nb: 2', ['b'], 'a: 1\n'],
  ['a line with a comment, which stays', 'a: 1 # one\nb: 2\n', ['a'], '# one\nb: 2\n'],
  ['a mapping with comments, which stay', 's:\n  v: # v\n    # w\n    w: 1 # w1\n  b: 2\n', ['s', 'v'], 's:\n  # v\n  # w\n  # w1\n  b: 2\n'], // prettier-ignore
  ['the only entry, with what is empty then', 's:\n  b: 2\n  v:\n    # w\n    w: {x: 1}\n', ['s', 'v', 'w', 'x'], 's:\n  b: 2\n  # w\n'], // prettier-ignore
  ['in brackets, the first', 's: {a: 1, b: 2}\n', ['s', 'a'], 's: {b: 2}\n'],
  ['in brackets, the last', 's: {a: 1, b: 2}\n', ['s', 'b'], 's: {a: 1}\n'],
  ['text of many lines, but not the empty line behind it', 'a: |\n  x\n\n  y\n\nb: 2\n', ['a'], '\nb: 2\n'],
  ['text of many lines right above another entry', 's:\n  a: |\n    x # no\n  b: 2 # c\n', ['s', 'a'], 's:\n  b: 2 # c\n'], // prettier-ignore
  ['text of many lines, of Windows', 's:\r\n  a: >-\r\n    x\r\n  b: 2\r\n', ['s', 'a'], 's:\r\n  b: 2\r\n'],
])('editedYaml removes %s', (_, text, path: Path, wanted) => {
  expect(set(text, path, undefined)).toBe(wanted);
});

test.each([
  ['an anchor that something refers to', 's:\n  a: &x 1\n  b: *x\n', ['s', 'a'], 2],
  ['a mapping that stands in two places', 's: &x {a: 1}\nt: *x\n', ['s', 'a'], 2],
  ['an entry behind an alias', 's: &x\n  a: 1\nt: *x\n', ['t', 'a'], 2],
  ['a comment inside of brackets', 's: {a: 1, # one\n  b: 2}\n', ['s'], 'x'],
  ['text where a mapping is needed', 's: text\n', ['s', 'a'], 2],
  ['an item behind the last', 's: [1]\n', ['s', 3], 2],
  ['an item that goes', 's: [1, 2]\n', ['s', 0], undefined],
])('editedYaml refuses %s', (_, text, path: Path, value) => {
  expect(set(text, path, value)).toBeUndefined();
});

test('editedYaml changes an anchor without aliases', () => {
  expect(set('a: &x 1\nb: *x\n', ['b'], 2)).toBe('a: &x 1\nb: 2\n');
  expect(set('a: &x 1\n', ['a'], 2)).toBe('a: &x 2\n');
});

test('editedYaml puts new keys of a session in order', () => {
  const text = 'spec:\n  userId: alice # who\n  lab: vm\n  # of her own\n  values:\n    labels:\n      x: y\n';
  const edits = [
    { path: ['spec', 'secretGeneration'], value: 2 },
    { path: ['spec', 'expiresAt'], value: '2030-01-01T00:00:00Z' },
    { path: ['spec', 'suspended'], value: true },
  ];
  expect(editedYaml(text, edits, ORDER)).toBe(
    'spec:\n  userId: alice # who\n  lab: vm\n  expiresAt: "2030-01-01T00:00:00Z"\n  suspended: true\n  secretGeneration: 2\n  # of her own\n  values:\n    labels:\n      x: y\n',
  );
});
