import { parseDocument } from 'yaml';
import { editedYaml } from '../../src/edit/yaml-edit';
import type { Path, Tree } from '@dozlab/charts/schema';
import { Random } from '../support/random';

const ROUNDS = 300;
const COMMENTS = ['', '', '', ' # c', '   # x: "y"', '\t# tab', ' #'];
const NOTES = ['# note', '# suspended: true', '# - x', "# it's", ''];
const VALUES = ['alice', '"al # ice"', "'b: c'", '12', '~', '{a: 1, b: [1, 2]}', '[x, "y"]', '[]'];

/** Files as nobody would write them: comments, empty lines, indents and blocks of text wherever YAML allows them. */
class Writer {
  constructor(private readonly random: Random) {}

  private notes(indent: number): string[] {
    return Array.from(
      { length: this.random.whole(0, 2) },
      () => `${' '.repeat(this.random.pick([0, indent]))}${this.random.pick(NOTES)}`,
    );
  }

  mapping(keys: readonly string[], indent: number, depth: number): string[] {
    return keys.flatMap((key) => {
      const head = `${' '.repeat(indent)}${this.random.pick([key, key, key, `"${key}"`])}:`;
      const below = ' '.repeat(indent + 2);
      const kind = this.random.whole(depth > 0 ? 0 : 1, 3);
      const lines =
        kind === 0 || key === 'values'
          ? [head + this.random.pick(COMMENTS), ...this.mapping(['p', 'q', 'r'].slice(this.random.whole(0, 2)), indent + this.random.pick([1, 2, 4]), depth - 1)] // prettier-ignore
          : kind === 1
            ? [`${head} ${this.random.pick(['|', '>-', '|+'])}`, `${below}text # no`, '', `${below}more`]
            : [`${head} ${this.random.pick(VALUES)}${this.random.pick(COMMENTS)}`];
      return [...this.notes(indent), ...lines];
    });
  }

  file(): string {
    const keys = this.random.pick([['userId', 'lab'], ['lab', 'values', 'userId'], ['userId', 'lab', 'values']]); // prettier-ignore
    const lines = [
      ...this.notes(0),
      `spec:${this.random.pick(COMMENTS)}`,
      ...this.mapping(keys, 2, 3),
      ...this.notes(0),
    ];
    return (
      this.random.pick(['', '\ufeff']) + lines.join(this.random.pick(['\n', '\r\n'])) + this.random.pick(['', '\n'])
    );
  }
}

const EDITS: readonly (readonly [Path, Tree | undefined])[] = [
  [['spec', 'expiresAt'], '2030-01-01T00:00:00Z'],
  [['spec', 'suspended'], true],
  [['spec', 'values', 'firecracker', 'vm', 'memory'], 4096],
  [['spec', 'lab'], 'docker'],
  [['spec', 'values', 'p'], undefined],
];

/** Whether all lines of a text are in another one, in their order. */
function keepsLines(text: string, edited: string): boolean {
  const lines = edited.split(/\r?\n/);
  let next = 0;
  return text.split(/\r?\n/).every((line) => {
    const found = lines.indexOf(line, next);
    next = found + 1;
    return found >= 0 || line === '';
  });
}

test('editedYaml edits any file, and keeps every line beside a new entry', () => {
  const writer = new Writer(new Random(11));
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = writer.file();
    const document = parseDocument(text, { logLevel: 'silent' });
    if (document.errors.length > 0) continue;
    for (const [path, value] of EDITS) {
      const isNew = document.getIn(path) === undefined;
      const edited = editedYaml(text, [{ path, value }]);
      const read: unknown = parseDocument(edited ?? '', { logLevel: 'silent' }).toJS();
      const told = { text, edited, path };
      expect({ ...told, isEdited: edited !== undefined }).toEqual({ ...told, isEdited: true });
      expect(parseDocument(JSON.stringify(read)).getIn(path)).toEqual(value);
      const keeps = !isNew || keepsLines(text, edited ?? '');
      expect({ ...told, keeps }).toEqual({ ...told, keeps: true });
    }
  }
});
