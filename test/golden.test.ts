import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from './support/cli';
import { expectGolden, GOLDEN } from './support/golden';

/** Functions that read a file of test/golden, and the file of their first argument. */
const READERS: Readonly<Record<string, (name: string) => string>> = {
  expectGolden: (name) => name,
  goldenSession: (name) => `${name}.yaml`,
};

/** The golden files that the calls in a source read. */
function filesReadBy(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const fileOf = READERS[node.expression.text];
      const [name] = node.arguments;
      if (fileOf !== undefined) {
        if (name === undefined || !ts.isStringLiteral(name))
          throw new Error(`${path}: ${node.getText()} needs the name of its file as a literal`);
        found.push(fileOf(name.text));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

test('a test reads every golden file, and every golden file exists', () => {
  const tests = filesBelow(__dirname).filter((path) => path.endsWith('.test.ts') && path !== __filename);
  const golden = filesBelow(GOLDEN).map((path) => path.slice(GOLDEN.length + 1));
  expect(tests.flatMap(filesReadBy).sort()).toEqual(golden.sort());
});

describe('in CI', () => {
  const { CI, UPDATE_GOLDEN } = process.env;

  afterEach(() => {
    for (const [name, value] of Object.entries({ CI, UPDATE_GOLDEN }))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  });

  test('UPDATE_GOLDEN=1 fails and writes no file', () => {
    process.env['CI'] = 'true';
    process.env['UPDATE_GOLDEN'] = '1';
    const before = readFileSync(join(GOLDEN, 'defaults.yaml'), 'utf8');
    const update = (): void => {
      expectGolden('defaults.yaml', 'changed');
    };
    expect(update).toThrow('UPDATE_GOLDEN=1 does nothing in CI');
    expect(readFileSync(join(GOLDEN, 'defaults.yaml'), 'utf8')).toBe(before);
  });

  test('jest --updateSnapshot fails before it runs a test', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(REPOSITORY, 'node_modules/jest/bin/jest.js'), '--updateSnapshot', 'constructs/session/snapshot'],
      { cwd: REPOSITORY, encoding: 'utf8', env: { ...process.env, CI: 'true' } },
    );
    expect(stderr).toContain('jest --updateSnapshot does nothing in CI');
    expect(status).toBe(1);
  });
});
