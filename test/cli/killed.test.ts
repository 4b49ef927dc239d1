import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { planOutput, writeOutput } from '../../src/project/output-folder';
import { synthesizeProject } from '../../src/project/synth';
import type { OutputFile } from '../../src/render/output-file';
import { REPOSITORY, dozlab } from '../support/cli';
import { contentsOf } from '../support/folder';
import { addFiles, cohort, lab, project, projectWith, session, type Files } from '../support/project';
import { Random } from '../support/random';

const SESSIONS = 150;
/** How often the program is killed: while it starts and reads, and while it writes. */
const EARLY = 2;
const WRITING = 9;

/** Sessions `from` up to, but not including, `to`; the label is in every file that is generated. */
const version = (label: string, from: number, to: number): Files => ({
  'dozlab.yaml': project({ values: { labels: { version: label } } }),
  'labs/vm.yaml': lab('vm'),
  'sessions/class/cohort.yaml': cohort('class'),
  ...Object.fromEntries(
    Array.from({ length: to - from }, (_, index) => `s${String(from + index)}`).map((name) => [
      `sessions/class/${name}.yaml`,
      session(name),
    ]),
  ),
});

const filesOf = (folder: string): readonly OutputFile[] => {
  const { files } = synthesizeProject(folder);
  if (files === undefined) throw new Error('the project is not valid');
  return files;
};

const asMap = (files: readonly OutputFile[]) => new Map(files.map(({ path, content }) => [path, content]));

/** Starts the program in a project and kills it: after a time, or after so many changes in the output folder. */
async function killed(folder: string, when: { milliseconds: number } | { changes: number }): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(REPOSITORY, 'bin', 'dozlab'), 'synth', '--project', folder],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  let seen = 0;
  const watcher = watch(join(folder, 'dist/sessions/class'), () => {
    seen += 1;
    if ('changes' in when && seen >= when.changes) child.kill('SIGKILL');
  });
  const timer = 'milliseconds' in when ? setTimeout(() => child.kill('SIGKILL'), when.milliseconds) : undefined;
  await ended;
  clearTimeout(timer);
  watcher.close();
}

test('killed at any moment, the program leaves whole files only, and the next run repairs everything', async () => {
  const random = new Random(7);
  const versions = [version('one', 0, SESSIONS), version('two', 20, SESSIONS + 20)].map((files) => projectWith(files));
  const [one = '', two = ''] = versions;
  const [old, next] = [filesOf(one), filesOf(two)];
  const [oldFiles, nextFiles] = [asMap(old), asMap(next)];
  const dist = join(two, 'dist');
  let caught = 0;

  for (let round = 0; round < EARLY + WRITING; round += 1) {
    writeOutput(dist, planOutput(dist, old));
    expect(contentsOf(dist)).toEqual(oldFiles);

    await killed(two, round < EARLY ? { milliseconds: random.whole(20, 900) } : { changes: random.whole(1, 500) });

    const left = contentsOf(dist);
    const yaml = Array.from(left).filter(([path]) => path.endsWith('.yaml'));
    const broken = yaml.filter(([path, content]) => content !== oldFiles.get(path) && content !== nextFiles.get(path));
    expect(broken.map(([path]) => path)).toEqual([]);
    const lost = Array.from(oldFiles.keys()).filter((path) => nextFiles.has(path) && !left.has(path));
    expect(lost).toEqual([]);
    const isNew = yaml.filter(([path, content]) => content === nextFiles.get(path) && content !== oldFiles.get(path));
    if (isNew.length > 0 && isNew.length < nextFiles.size - 1) caught += 1;
    // The next run: in this process, to save time.
    writeOutput(dist, planOutput(dist, next));
    expect(contentsOf(dist)).toEqual(nextFiles);
  }
  writeOutput(dist, planOutput(dist, old));
  await killed(two, { changes: 100 });
  expect(dozlab(['synth', '--project', two]).status).toBe(0);
  expect(contentsOf(dist)).toEqual(nextFiles);
  // The moments were well chosen: some of them lay in the middle of writing.
  expect(caught).toBeGreaterThan(2);
});

test('a file that was cut off by other means is written again', () => {
  const folder = projectWith(version('one', 0, 2));
  expect(dozlab(['synth', '--project', folder]).status).toBe(0);
  const whole = contentsOf(join(folder, 'dist'));
  const text = whole.get('sessions/class/s0.yaml') ?? '';
  addFiles(folder, { 'dist/sessions/class/s0.yaml': text.slice(0, 300) });
  expect(dozlab(['synth', '--check', '--project', folder]).status).toBe(1);
  expect(dozlab(['synth', '--project', folder]).status).toBe(0);
  expect(contentsOf(join(folder, 'dist'))).toEqual(whole);
});
