import { readFileSync } from 'node:fs';

/** A process, told from a later one of the same id by when it was started. */
export interface RunningProcess {
  readonly id: number;
  /** In ticks since the system was started; `0` where the system does not tell. */
  readonly start: string;
}

export const thisProcess = (): RunningProcess => ({ id: process.pid, start: startOf(process.pid) ?? '0' });

/** Whether there is a process of an id. */
export function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether it is the same process still. */
export const isStillRunning = ({ id, start }: RunningProcess): boolean =>
  isRunning(id) && (startOf(id) ?? start) === start;

/** Field 22 of `/proc/<id>/stat`, counted from behind the name, which may hold anything. */
function startOf(id: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(id)}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
