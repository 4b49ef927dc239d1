import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyPlans } from '../../src/synth/apply';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import type { OutputFile } from '@dozlab/charts';
import { dozlab } from '../support/cli';
import { contentsOf } from '../support/folder';
import { killed, type Moment } from '../support/killed';
import { addFiles, cohort, lab, project, projectWith, session, smallProject, type Files } from '../support/project';
import { Random } from '../support/random';

const SESSIONS = Number(process.env['KILL_SESSIONS'] ?? 100);

/** How often the program is killed: a few times in CI, some hundred times and with more sessions in the long run, which prints what came of it. */
const KILLS = Number(process.env['KILLS'] ?? 9);
const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Sessions `from` up to, but not including, `from + SESSIONS` in four cohorts; the label is in nearly every file that is generated. */
const version = (label: string, from: number): Files => ({
  'dozlab.yaml': project({
    flux: { source: { url: `https://git.example.com/${label}.git` } },
    secrets: { provider: 'existing' },
    values: { labels: { version: label }, codeServer: { existingSecret: 'vscode' } },
  }),
  'labs/vm.yaml': lab('vm'),
  ...Object.fromEntries(
    [0, 1, 2, 3].map((index) => [
      `sessions/class-${String(index)}/cohort.yaml`,
      cohort(`class-${String(index)}`, { delivery: index % 2 === 0 ? 'helm' : 'kustomize' }),
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: SESSIONS }, (_, index) => from + index).map((index) => [
      `sessions/class-${String(index % 4)}/s${String(index)}.yaml`,
      session(`s${String(index)}`),
    ]),
  ),
});

const FOLDERS = ['dist', 'fluxcd'] as const;

type Outputs = Readonly<Record<(typeof FOLDERS)[number], readonly OutputFile[]>>;

const outputsOf = (folder: string): Outputs => {
  const { files, fluxFiles } = synthesizeProject(folder);
  if (files === undefined || fluxFiles === undefined) throw new Error('the project is not valid');
  return { dist: files, fluxcd: fluxFiles };
};

const asMap = (outputs: Outputs): Map<string, string> =>
  new Map(FOLDERS.flatMap((name) => outputs[name].map(({ path, content }) => [`${name}/${path}`, content])));

/** Makes the output of a project what it is to be, in this process, to save time. */
const put = (project_: string, outputs: Outputs): void => {
  applyPlans(FOLDERS.map((name) => planOutput(join(project_, name), outputs[name])));
};

/** What lies in a project, but for what is kept for the next run. */
const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name !== '.dozlab')
    .sort();

/** All files of both output folders, hidden ones as well, by path. */
const outputIn = (folder: string): Map<string, string> =>
  new Map(
    FOLDERS.flatMap((name) => Array.from(contentsOf(join(folder, name)), ([path, text]) => [`${name}/${path}`, text])),
  );

const digest = (files: ReadonlyMap<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify(Array.from(files).sort(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex');

test(`killed at any moment, the program leaves the old output or the new, and the next run repairs everything (seed ${String(SEED)})`, async () => {
  const random = new Random(SEED);
  const old = outputsOf(projectWith(version('one', 0)));
  const folder = projectWith(version('two', 20));
  const next = outputsOf(folder);
  const [oldDigest, nextDigest] = [digest(asMap(old)), digest(asMap(next))];
  const there = [...namesIn(folder), ...FOLDERS].sort();
  const args = ['synth', '--project', folder];

  put(folder, old);
  const started = Date.now();
  expect(dozlab(args).status).toBe(0);
  const duration = Date.now() - started;
  expect(digest(outputIn(folder))).toBe(nextDigest);

  /** In turn: at any time of a run, while the new output is made ready, and when it is put in place. */
  const moment = (round: number): Moment => {
    const staging = /^\.dozlab-.*staged$/;
    if (round % 3 === 0) return { milliseconds: random.next() * duration * 1.1 };
    if (round % 3 === 1) return { milliseconds: random.whole(0, 80), after: { folder, name: staging } };
    return { milliseconds: 0, after: { folder: join(folder, 'dist'), name: /./ } };
  };

  const faults: string[] = [];
  const came = { old: 0, new: 0, between: 0, betweenByChance: 0, leftovers: 0 };
  // Few of them may all lie before or behind the writing: it goes on then.
  for (let round = 0; round < KILLS || (came.leftovers === 0 && round < 10 * KILLS); round += 1) {
    put(folder, old);
    expect(digest(outputIn(folder))).toBe(oldDigest);
    await killed(args, moment(round));

    const left = outputIn(folder);
    const leftovers = namesIn(folder).filter((name) => !there.includes(name));
    if (leftovers.length > 0) came.leftovers += 1;
    const now = digest(left);
    if (now === oldDigest) came.old += 1;
    else if (now === nextDigest) came.new += 1;
    else {
      came.between += 1;
      if (round % 3 !== 2) came.betweenByChance += 1;
      faults.push(
        ...betweenFaults(left, [asMap(old), asMap(next)]),
        ...(leftovers.length === 1 ? [] : ['no trace of it']),
      );
    }

    if (round % 10 !== 0) put(folder, next);
    else if (dozlab(args).status !== 0) faults.push('the next run fails');
    expect(digest(outputIn(folder))).toBe(nextDigest);
    expect(namesIn(folder)).toEqual(there);
  }
  if (process.env['KILLS'] !== undefined) process.stderr.write(`${JSON.stringify({ kills: KILLS, ...came })}\n`);
  expect(faults).toEqual([]);
  // The moments were well chosen: some lay in the middle of writing. Of those that do not aim at the renames, nearly none lay within their
  // fraction of a millisecond.
  expect(came.leftovers).toBeGreaterThan(0);
  expect(came.betweenByChance).toBeLessThanOrEqual(1 + KILLS * 0.02);
}, 3_600_000);

/**
 * What is wrong with an output that was left between two of the renames, of which there are about ten: every folder at the top, and every
 * file there, is the old one, the new one or none.
 */
function betweenFaults(left: Map<string, string>, versions: readonly Map<string, string>[]): string[] {
  const top = (path: string): string => path.split('/', 2).join('/');
  const part = (files: Map<string, string>, name: string): string =>
    digest(new Map(Array.from(files).filter(([path]) => top(path) === name)));
  return Array.from(new Set(Array.from(left.keys(), top)))
    .filter((name) => versions.every((version_) => part(version_, name) !== part(left, name)))
    .map((name) => `${name} is a mix`);
}

test('a file that was cut off by other means is written again', () => {
  const folder = projectWith(smallProject());
  expect(dozlab(['synth', '--project', folder]).status).toBe(0);
  const whole = contentsOf(join(folder, 'dist'));
  const text = whole.get('sessions/class/alice.yaml') ?? '';
  addFiles(folder, { 'dist/sessions/class/alice.yaml': text.slice(0, 300) });
  expect(dozlab(['synth', '--check', '--project', folder]).status).toBe(1);
  expect(dozlab(['synth', '--project', folder]).status).toBe(0);
  expect(contentsOf(join(folder, 'dist'))).toEqual(whole);
});
