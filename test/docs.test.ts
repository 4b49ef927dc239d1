import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsByLine, programOf } from '../packages/charts/test/support/compile';
import { ModuleFolder } from '../packages/charts/test/support/modules';
import { REPOSITORY } from './support/cli';

const SOURCE = join(REPOSITORY, 'src');

/** The TypeScript of a page, which uses the sources in place of the installed package. */
const programsOf = (page: string): string[] =>
  Array.from(readFileSync(join(REPOSITORY, page), 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm), ([, code = '']) => code);

const withSources = (code: string): string => code.replaceAll("'dozlab'", JSON.stringify(SOURCE));

const [chart = '', snapshot = ''] = programsOf('docs/charts.md');
const [app = ''] = programsOf('README.md');
const PAGES = new Map([
  ['chart', chart],
  ['snapshot', snapshot],
  ['app', app],
]);

test('the TypeScript of README.md and docs/charts.md compiles', () => {
  const sources = new Map(
    Array.from(PAGES, ([name, code]) => [join(__dirname, `${name}.page.ts`), withSources(code)] as const),
  );
  const program = programOf(sources);
  expect(Array.from(sources.keys(), (path) => errorsByLine(program, path))).toEqual([{}, {}, {}]);
  expect([...programsOf('docs/charts.md'), ...programsOf('README.md')]).toHaveLength(PAGES.size);
});

test('the snapshot test of docs/charts.md is one of the tests', () => {
  const own = readFileSync(join(__dirname, 'constructs/session/snapshot.test.ts'), 'utf8');
  expect(own).toBe(snapshot.replace("'dozlab'", "'../../../src'"));
});

describe('the code', () => {
  const folder = new ModuleFolder();
  const printed: unknown[] = [];

  beforeAll(() => {
    for (const [name, code] of PAGES) folder.write(name, withSources(code));
    jest.spyOn(console, 'log').mockImplementation((value: unknown) => void printed.push(value));
  });

  afterAll(() => {
    folder.remove();
    jest.restoreAllMocks();
  });

  test('of docs/charts.md prints the manifests and the files of the chart', () => {
    folder.run('chart');
    expect(printed).toEqual([
      expect.stringContaining('name: lab-session-alice-001'),
      expect.arrayContaining(['Chart.yaml', 'values.yaml']),
    ]);
  });

  test('of README.md writes the manifests of a session', () => {
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      folder.run('app');
      expect(readFileSync('dist/labs.k8s.yaml', 'utf8')).toContain('name: lab-session-alice-001');
    } finally {
      process.chdir(before);
    }
  });
});
