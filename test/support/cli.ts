import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '..', '..');

/** Runs the real program, as a user would, and gives what it printed and its exit code. */
export const dozlab = (
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), ...args], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
