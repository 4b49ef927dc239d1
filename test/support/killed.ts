import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli';

/** Milliseconds after the start, or after the first change of a matching name in a folder. */
export interface Moment {
  readonly milliseconds: number;
  readonly after?: { readonly folder: string; readonly name: RegExp };
}

/**
 * Sends SIGKILL, so that the program cannot clean up.
 * @returns false if the program ended before
 */
export async function killed(args: readonly string[], { milliseconds, after }: Moment): Promise<boolean> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), ...args], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), milliseconds);
  };
  const watcher =
    after === undefined ? undefined : watch(after.folder, (_, name) => { if (after.name.test(name ?? '')) kill(); }); // prettier-ignore
  if (after === undefined) kill();
  await ended;
  clearTimeout(timer);
  watcher?.close();
  return child.signalCode === 'SIGKILL';
}
