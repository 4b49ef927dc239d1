import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeProject } from '../../src/synth/synthesize';
import { REPOSITORY, dozlab } from '../support/cli';
import { contentsOf } from '../support/folder';
import { killed, type Moment } from '../support/killed';
import { addFiles, cohort, lab, project, projectWith, session, settle, type Files } from '../support/project';
import { Random } from '../support/random';

const SESSIONS = Number(process.env['KILL_SESSIONS'] ?? 260);
const KILLS = Number(process.env['KILLS'] ?? 6);
const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const COHORTS = { plain: {}, helm: { delivery: 'helm' }, external: { secrets: { provider: 'external-secrets' } } };

const FILES: Files = {
  'dozlab.yaml': project({ flux: { source: { url: 'https://git.example.com/labs.git' } } }),
  'labs/vm.yaml': lab('vm'),
  ...Object.fromEntries(
    Object.entries(COHORTS).map(([name, spec]) => [`sessions/${name}/cohort.yaml`, cohort(name, spec)]),
  ),
  ...Object.fromEntries(
    Array.from({ length: SESSIONS }, (_, index) => {
      const name = Object.keys(COHORTS)[index % 3] ?? '';
      const values = [{}, { values: { labels: { number: String(index) } } }, { suspended: true }][index % 7] ?? {};
      return [`sessions/${name}/s${String(index)}.yaml`, session(`s${String(index)}`, values)];
    }),
  ),
};

const OUTPUT = ['dist', 'fluxcd'] as const;

const outputIn = (folder: string): Map<string, string>[] => OUTPUT.map((name) => contentsOf(join(folder, name)));

/** What lies in a project beside what people write there. */
const made = (folder: string): string[] =>
  readdirSync(folder).filter((name) => !(name in { labs: 0, sessions: 0, 'dozlab.yaml': 0 }));

const synth = (folder: string, ...args: string[]) => dozlab(['synth', '--project', folder, ...args]);

/** The output as this process renders it. */
const rendered = ((): Map<string, string>[] => {
  const { files = [], fluxFiles = [] } = synthesizeProject(projectWith(FILES));
  return [files, fluxFiles].map((all) => new Map(all.map(({ path, content }) => [path, content])));
})();

test('synth writes its output, and detects every changed output file', async () => {
  const folder = projectWith(FILES);
  await settle();
  expect(synth(folder)).toMatchObject({
    status: 0,
    stderr: expect.stringContaining(' removed 0, 0 unchanged') as string,
  });
  expect(outputIn(folder)).toEqual(rendered);
  expect(rendered[0]?.size).toBeGreaterThan(SESSIONS);
  expect(made(folder).sort()).toEqual(['.dozlab', ...OUTPUT]);
  expect(existsSync(join(folder, '.dozlab', 'run.json'))).toBe(true);

  const files = rendered.reduce((sum, { size }) => sum + size, 0);
  expect(synth(folder).stderr).toContain(`wrote 0 files, removed 0, ${String(files)} unchanged`);
  const place = 'dist/releases/helm/s1.yaml';
  addFiles(folder, { [place]: (rendered[0]?.get('releases/helm/s1.yaml') ?? '').replace('s1', 's2') });
  await settle();
  expect(synth(folder, '--check')).toMatchObject({ status: 1, stdout: `changed  ${place}\n` });
  expect(synth(folder).stderr).toContain('wrote 1 file,');
  expect(outputIn(folder)).toEqual(rendered);
});

test.each<[string, Files]>([
  ['a session that is not valid', { [`sessions/helm/s${String(SESSIONS)}.yaml`]: session('s', { lab: 'none' }) }],
  ['two sessions of one id', { 'sessions/other/cohort.yaml': cohort('other', { namespace: 'lab-helm' }), 'sessions/other/s1.yaml': session('s1') }],
])('with %s nothing is written, and nothing is left', (_, files) => {
  const folder = projectWith({ ...FILES, ...files });
  expect(synth(folder)).toMatchObject({ status: 1, stderr: expect.stringContaining('nothing was written') as string });
  expect(made(folder)).toEqual([]);
}); // prettier-ignore

test('where there is no room, nothing is left', () => {
  const folder = projectWith(FILES);
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', 'ulimit -f 4 && exec "$0" "$@"', process.execPath, join(REPOSITORY, 'bin', 'dozlab'), 'synth', '--project', folder],
    { encoding: 'utf8' },
  ); // prettier-ignore
  expect(status).toBe(1);
  expect(stderr).toMatch(/the output cannot be written: .* \(EFBIG\)/);
  expect(made(folder)).toEqual([]);
});

test('an output folder that cannot be read is reported', () => {
  const folder = projectWith(FILES);
  symlinkSync('dist', join(folder, 'dist'));
  const { status, stderr } = synth(folder);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^dozlab: .*dist is a symbolic link/m);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(made(folder)).toEqual(['dist']);
});

test('--check and --dry-run leave nothing behind', () => {
  const folder = projectWith(FILES);
  expect(synth(folder, '--check').status).toBe(1);
  expect(synth(folder, '--dry-run')).toMatchObject({ status: 0 });
  expect(made(folder)).toEqual([]);
});

test(`killed at any moment, it leaves no output or all, and the next run repairs everything (seed ${String(SEED)})`, async () => {
  const random = new Random(SEED);
  const folder = projectWith(FILES);
  const started = Date.now();
  expect(synth(folder).status).toBe(0);
  const duration = Date.now() - started;
  /** In turn: at any time of a run, and while the new output is made ready. */
  const moment = (round: number): Moment =>
    round % 2 === 0
      ? { milliseconds: random.next() * duration }
      : { milliseconds: random.whole(0, 40), after: { folder, name: /\.staged$/ } };
  let leftovers = 0;
  for (let round = 0; round < KILLS || (leftovers === 0 && round < 10 * KILLS); round += 1) {
    for (const name of made(folder)) rmSync(join(folder, name), { recursive: true });
    await killed(['synth', '--project', folder], moment(round));
    if (made(folder).some((name) => name.endsWith('.staged'))) leftovers += 1;
    for (const [index, files] of outputIn(folder).entries()) expect([new Map(), rendered[index]]).toContainEqual(files);
    expect(synth(folder).status).toBe(0);
    expect(outputIn(folder)).toEqual(rendered);
    expect(made(folder).sort()).toEqual(['.dozlab', ...OUTPUT]);
  }
  // Some lay in the middle of writing.
  expect(leftovers).toBeGreaterThan(0);
}, 3_600_000);
