import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { applyPlans } from '../../src/synth/apply';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import { REPOSITORY, dozlab } from '../support/cli';
import { contentsOf } from '../support/folder';
import { unpackedPackage } from '../support/package';
import { addFiles, cohort, lab, project, projectWith, session, type Files } from '../support/project';
import { Random } from '../support/random';

const settings = (label: string) =>
  project({
    flux: { source: { url: `https://git.example.com/${label}.git` } },
    values: { labels: { version: label } },
  });

/** Twelve sessions in two cohorts, of which one is delivered by Helm. */
const files: Files = {
  'dozlab.yaml': settings('one'),
  'labs/vm.yaml': lab('vm'),
  'sessions/class/cohort.yaml': cohort('class'),
  'sessions/other/cohort.yaml': cohort('other', { delivery: 'helm' }),
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => `s${String(index)}`).map((name, index) => [
      `sessions/${index % 2 === 0 ? 'class' : 'other'}/${name}.yaml`,
      session(name),
    ]),
  ),
};

/** A project that was synthesized. */
function synthesized(): string {
  const folder = projectWith(files);
  synth(folder);
  return folder;
}

/** In this process, to save time. */
function synth(folder: string): void {
  const { files: dist = [], fluxFiles: fluxcd = [] } = synthesizeProject(folder);
  applyPlans(Object.entries({ dist, fluxcd }).map(([name, wanted]) => planOutput(join(folder, name), wanted)));
}

/** What the project would be after a run that nothing is in the way of. */
function afterwards(folder: string): Map<string, string> {
  const all = contentsOf(folder);
  const copy = projectWith(Object.fromEntries(all));
  synth(copy);
  return contentsOf(copy);
}

const changeAll = (folder: string): void => {
  addFiles(folder, { 'dozlab.yaml': settings('two') });
};

const changeTwo = (folder: string): void => {
  addFiles(folder, {
    'sessions/class/s0.yaml': session('s0', { userId: 'Bob' }),
    'sessions/other/s1.yaml': session('s1', { userId: 'Bob' }),
  });
};

describe('where there is no room', () => {
  /** Runs the program where no file may be larger, in KiB: what is larger is cut off, as on a full disk. */
  const limited = (folder: string, most: number) =>
    spawnSync(
      'bash',
      ['-c', `ulimit -f ${String(most)} && exec "$0" "$@"`, process.execPath, join(REPOSITORY, 'bin', 'dozlab'), 'synth', '--project', folder],
      { encoding: 'utf8' },
    ); // prettier-ignore

  test('nothing is changed, wherever in writing it ends, and the next run does all', () => {
    const folder = synthesized();
    changeAll(folder);
    const before = contentsOf(folder);
    const after = afterwards(folder);
    const changed = Array.from(after).filter(([path, text]) => before.get(path) !== text);
    const sizes = changed
      .map(([, text]) => Math.ceil(Buffer.byteLength(text) / 1024))
      .sort((one, other) => one - other);
    // The smallest files fit, or nearly all do.
    const limits = new Set([sizes[0] ?? 0, (sizes.at(-1) ?? 0) - 1]);
    expect(limits.size).toBe(2);
    for (const limit of limits) {
      const { status, stderr } = limited(folder, limit);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(/the output cannot be written: .* \(EFBIG\); it is as it was/) as string,
      });
      expect(contentsOf(folder)).toEqual(before);
    }
    expect(dozlab(['synth', '--project', folder]).status).toBe(0);
    expect(contentsOf(folder)).toEqual(after);
  });
});

describe('where nothing may be written', () => {
  const NOBODY = 65534;

  /** Runs the program as somebody who is not root: root may write anywhere. */
  const PROGRAM = `
import(process.argv[1]).then(async ({ runProgram }) => {
  if (process.getuid() === 0) { process.setgroups([]); process.setgid(${String(NOBODY)}); process.setuid(${String(NOBODY)}); }
  process.exitCode = await runProgram(['synth', '--project', process.argv[2]]);
});
`;

  /** A copy, as the folders above the repository may be closed to other people. */
  let program: string;

  beforeAll(() => {
    const folder = unpackedPackage();
    giveAway(folder);
    program = join(folder, 'build', 'program', 'program.mjs');
  });

  const byNobody = (folder: string) =>
    spawnSync(process.execPath, ['-e', PROGRAM, program, folder], { encoding: 'utf8' });

  /** Gives a folder to nobody, who owns it then as other people own theirs. */
  const giveAway = (folder: string): void => {
    if (process.getuid?.() !== 0) return;
    chownSync(folder, NOBODY, NOBODY);
    for (const name of readdirSync(folder))
      if (lstatSync(join(folder, name)).isDirectory()) giveAway(join(folder, name));
      else chownSync(join(folder, name), NOBODY, NOBODY);
  };

  test.each([
    ['the project and its output, all changes', ['.', 'dist', 'fluxcd'], changeAll],
    ['fluxcd, all changes', ['fluxcd'], changeAll],
    ['a folder in dist, all changes', ['dist/sessions/other'], changeAll],
    ['a folder in dist, few changes', ['dist/releases/other'], changeTwo],
  ])('%s: nothing is changed, and the next run does all', (_, places, change) => {
    const folder = synthesized();
    change(folder);
    const before = contentsOf(folder);
    const after = afterwards(folder);
    giveAway(folder);
    for (const place of places) chmodSync(join(folder, place), 0o555);
    const { status, stderr } = byNobody(folder);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/the output cannot be written: .* \(EACCES\); it is as it was/) as string,
    });
    expect(contentsOf(folder)).toEqual(before);
    for (const place of places) chmodSync(join(folder, place), 0o755);
    synth(folder);
    expect(contentsOf(folder)).toEqual(after);
  });

  test('where only beside the output nothing may be written, all is done in it', () => {
    const folder = synthesized();
    changeAll(folder);
    const after = afterwards(folder);
    giveAway(folder);
    chmodSync(folder, 0o555);
    expect(byNobody(folder)).toMatchObject({ status: 0 });
    expect(contentsOf(folder)).toEqual(after);
    expect(statSync(folder).mode & 0o777).toBe(0o555);
    chmodSync(folder, 0o755);
  });
});

test('of two that run at once, with other files each, one has its way', async () => {
  const random = new Random(11);
  const folder = synthesized();
  let label = 0;
  /** As editors do it: whoever reads sees the one or the other. */
  const save = (text: string): void => {
    writeFileSync(join(folder, '.dozlab.yaml'), text);
    renameSync(join(folder, '.dozlab.yaml'), join(folder, 'dozlab.yaml'));
  };
  const run = async (): Promise<{ status: unknown; stderr: string }> => {
    const child = spawn(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), 'synth', '--project', folder]);
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const [status] = (await once(child, 'close')) as unknown[];
    return { status, stderr };
  };
  const outputOf = (all: Map<string, string>) => Array.from(all).filter(([path]) => /^(dist|fluxcd)\//.test(path));
  const expectOneOf = (versions: readonly Map<string, string>[]): void => {
    expect(versions.map(outputOf)).toContainEqual(outputOf(contentsOf(folder)));
  };

  const refused: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = contentsOf(folder);
    save(stringify(settings(`first-${String((label += 1))}`)));
    const first = afterwards(folder);
    const one = run();
    await sleep(random.whole(0, 60));
    save(stringify(settings(`second-${String(label)}`)));
    const second = afterwards(folder);
    const results = await Promise.all([one, run()]);
    expectOneOf([before, first, second]);
    refused.push(...results.filter(({ status }) => status !== 0).map(({ stderr }) => stderr));
    synth(folder);
    expect(contentsOf(folder)).toEqual(second);
  }
  for (const stderr of refused)
    expect(stderr).toMatch(/another dozlab \(process \d+\) is writing|changed while the command ran/);
}, 300_000);
