import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { at } from '@dozlab/charts/schema';
import { REPOSITORY } from '../support/cli';
import { Random } from '../support/random';
import {
  SEALED,
  SECRET_FILE,
  SESSION_FILE,
  fileProblems,
  sealedText,
  secretProject,
  textOf,
} from '../support/secret-project';
import { secretRun } from '../support/secret-runs';

/** Number of kills: at a random time, and at a change of the folder. */
const EARLY = 3;
const WRITING = 4;

const rotation = (folder: string) => ['secret', 'rotate', 'alice', '--yes', '--project', folder];

/** Kills a rotation at a random time, or at a change of the folder. */
async function killed(folder: string, place: string, random: Random, isEarly: boolean): Promise<void> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), ...rotation(folder)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const wanted = random.whole(1, 3);
  let seen = 0;
  const watcher = watch(join(folder, place), () => {
    seen += 1;
    if (!isEarly && seen >= wanted) child.kill('SIGKILL');
  });
  const timer = isEarly ? setTimeout(() => child.kill('SIGKILL'), random.whole(20, 1200)) : undefined;
  await ended;
  clearTimeout(timer);
  watcher.close();
}

const CASES = [
  ['sealed-secrets', SEALED, SECRET_FILE, 'secrets/class'],
  ['external-secrets', { provider: 'external-secrets' }, SESSION_FILE, 'sessions/class'],
] as const;

test.each(CASES)(
  'a killed rotation leaves the whole old or the whole new file: %s',
  async (provider, secrets, path, place) => {
    const random = new Random(11);
    const folder = secretProject(
      secrets,
      provider === 'sealed-secrets' ? { [path]: sealedText('hunter2-before') } : {},
    );
    const expected = readdirSync(join(folder, place));
    const isWhole = (text: string): boolean => {
      const content: unknown = parseDocument(text).toJS();
      if (provider === 'sealed-secrets')
        return fileProblems('sealed-secrets', content).length === 0 && text.endsWith('\n');
      const { secretGeneration = 1, ...spec } = at(content, ['spec']) as { secretGeneration?: number };
      return Number.isInteger(secretGeneration) && JSON.stringify(spec) === '{"userId":"alice","lab":"vm"}';
    };
    for (let round = 0; round < EARLY + WRITING; round += 1) {
      const before = textOf(folder, path);
      await killed(folder, place, random, round < EARLY);
      const after = textOf(folder, path);
      expect(after === before || isWhole(after)).toBe(true);
    }
    expect(secretRun(rotation(folder)).status).toBe(0);
    expect(isWhole(textOf(folder, path))).toBe(true);
    expect(readdirSync(join(folder, place))).toEqual(expected);
  },
);

test.each(CASES)(
  'a rotation removes the temporary files of a killed one, and none of a running one: %s',
  (provider, secrets, path, place) => {
    const folder = secretProject(
      secrets,
      provider === 'sealed-secrets' ? { [path]: sealedText('hunter2-before') } : {},
    );
    const expected = readdirSync(join(folder, place));
    const atWork = `.dozlab-${String(process.pid)}-1.tmp`;
    for (const name of ['.dozlab-4194305-1.tmp', atWork]) writeFileSync(join(folder, place, name), 'unfinished');
    expect(secretRun(rotation(folder)).status).toBe(0);
    expect(readdirSync(join(folder, place))).toEqual([atWork, ...expected]);
  },
);
