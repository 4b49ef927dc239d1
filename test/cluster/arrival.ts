import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { binFolder } from './tools';

/**
 * Waits, from now on, until the API server has an object with a label, and gives the time (of `Date.now`) at which it was there. It is told of
 * changes, and does not ask again and again.
 */
export async function arrivalOf(object: string, namespace: string, label: string, value: string): Promise<number> {
  const isThere = `--for=jsonpath={.metadata.labels.${label}}=${value}`;
  const child = spawn(join(binFolder(), 'kubectl'), ['wait', object, '-n', namespace, isThere, '--timeout=600s'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${object} has no label ${label}=${value}`);
  return Date.now();
}
