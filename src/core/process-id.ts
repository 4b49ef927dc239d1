import { readFileSync } from 'node:fs';

/** The start time detects a reused id. */
export interface RunningProcess {
  readonly id: number;
  /** Ticks since boot; `0` if unknown. */
  readonly start: string;
}

export const thisProcess = (): RunningProcess => ({ id: process.pid, start: startOf(process.pid) ?? '0' });

export function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const isStillRunning = ({ id, start }: RunningProcess): boolean =>
  isRunning(id) && (startOf(id) ?? start) === start;

/** Field 22 of `/proc/<id>/stat`. The name before it may contain spaces. */
function startOf(id: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(id)}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
