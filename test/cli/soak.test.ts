import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EditedProject } from '../support/edited-project';
import { contentsOf } from '../support/folder';
import { Program } from '../support/program';
import { temporaryFolder } from '../support/project';
import { Random } from '../support/random';

/** How often the project is edited: two thousand times in the long run. */
const EDITS = Number(process.env['EDITS'] ?? 40);
const SESSIONS = 40;
const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const outputIn = (folder: string): Map<string, string> =>
  new Map(Array.from(contentsOf(folder)).filter(([path]) => /^(dist|fluxcd)\//.test(path)));

/** Paths of files that are not the same. */
const differences = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] =>
  Array.from(new Set([...one.keys(), ...other.keys()])).filter((path) => one.get(path) !== other.get(path));

/** What is told of the project itself: not how much had to be written, nor of files of others. */
const told = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !/^(wrote |dist\/|fluxcd\/)/.test(line));

test(`after each of ${String(EDITS)} edits, synth gives what it gives in a new place (FC_SEED=${String(SEED)})`, async () => {
  const program = new Program();
  const edited = new EditedProject(temporaryFolder(), new Random(SEED), SESSIONS);
  const { folder } = edited;
  const came = { right: 0, wrong: 0 };
  const faults: string[] = [];
  for (let step = 1; step <= EDITS && faults.length === 0; step += 1) {
    // Something is wrong at times, but never for long.
    const edit = step === 1 ? 'the first run' : edited.edit({ 5: 'break', 8: 'mendAll' }[step % 10]);
    const fault = (what: string, ...paths: string[]): void => {
      faults.push(`step ${String(step)}, ${edit}: ${[what, ...paths].join(' ')}`);
    };
    const fresh = temporaryFolder();
    for (const path of edited.inputs()) {
      mkdirSync(dirname(join(fresh, path)), { recursive: true });
      copyFileSync(join(folder, path), join(fresh, path));
    }
    const before = outputIn(folder);
    const full = program.run(['synth', '--project', fresh]);
    const check = step % 3 === 0 ? program.run(['synth', '--check', '--project', folder]) : undefined;
    const validated = step % 3 === 1 ? program.run(['validate', '--project', folder]) : undefined;
    const now = program.run(['synth', '--project', folder]);
    const isValid = full.status === 0;
    came[isValid ? 'right' : 'wrong'] += 1;

    const expected = isValid ? new Map([...outputIn(fresh), ...edited.foreign]) : before;
    const wrong = differences(outputIn(folder), expected);
    if (wrong.length > 0) fault('other files:', ...wrong);
    if (now.status !== full.status) fault(`exit code ${String(now.status)}, not ${String(full.status)}: ${now.stderr}`);
    if (validated !== undefined && validated.status !== full.status)
      fault(`validate gives ${String(validated.status)}: ${validated.stderr}`);
    if (told(now.stderr).join() !== told(full.stderr).join()) fault(`tells ${now.stderr}, not ${full.stderr}`);
    // A file of somebody else stays, and --check refuses it.
    const isFresh = isValid && differences(before, expected).length === 0 && edited.foreign.size === 0;
    if (check !== undefined && check.status !== (isFresh ? 0 : 1))
      fault(`--check gives ${String(check.status)}: ${check.stderr}`);
    rmSync(fresh, { recursive: true });
  }
  await program.end();
  expect(faults).toEqual([]);
  // Nothing is left beside the output but what may be kept, and the project was right at times and wrong at times.
  const kept = ['.dozlab', 'dist', 'dozlab.yaml', 'fluxcd', 'labs', 'sessions'];
  expect(readdirSync(folder).filter((name) => !kept.includes(name))).toEqual([]);
  expect(Math.min(came.right, came.wrong)).toBeGreaterThan(0);
}, 3_600_000);
