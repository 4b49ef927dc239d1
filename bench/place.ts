import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './results';

export interface Place {
  readonly folder: string;
  readonly storage: Machine['storage'];
}

const SHARED_MEMORY = '/dev/shm';
const ROOM_BYTES_A_SESSION = 150_000;
const TMPFS = 0x01021994; // statfs(2)

/** In memory if the files fit. Removed when the process ends. */
export function makePlace(sessions: number): Place {
  const parent = hasRoom(sessions) ? SHARED_MEMORY : tmpdir();
  const folder = mkdtempSync(join(parent, 'dozlab-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return { folder, storage: statfsSync(folder).type === TMPFS ? 'tmpfs' : 'disk' };
}

function hasRoom(sessions: number): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(SHARED_MEMORY);
    return type === TMPFS && bavail * bsize > sessions * ROOM_BYTES_A_SESSION;
  } catch {
    return false;
  }
}
