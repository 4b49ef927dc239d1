import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli';

/** When a process is killed: so many milliseconds after its start, or after the first change in a folder that is one of these. */
export interface Moment {
  readonly milliseconds: number;
  readonly after?: { readonly folder: string; readonly name: RegExp };
}

/**
 * Starts the real program and kills it, so that it can do nothing more about it.
 * @returns whether it was killed, and had not ended by itself before
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
