import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlabRuns, type Run } from './cli-runs';

export const NOW = '2030-01-01T12:00:00Z';

export const runsIn = (folder: string, ...commandLines: readonly (readonly string[])[]): Run[] =>
  dozlabRuns(commandLines.map((args) => [...args, '--project', folder]));

export function runIn(folder: string, ...args: string[]): Run {
  const [run] = runsIn(folder, args);
  if (run === undefined) throw new Error('there was no run');
  return run;
}

export const textIn = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');
