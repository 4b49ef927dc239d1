import { onProgress } from '../core/progress';

/** Milliseconds before the first progress line, and between two updates. */
const PATIENCE = 1000;
const PAUSE = 100;

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

let shownOn: Stream | undefined;

/**
 * Shows progress on a terminal after one second, on a line that is removed at the end.
 * @returns ends it
 */
export function showProgress(stream: Stream): () => void {
  if (!stream.isTTY || process.env['TERM'] === 'dumb') return () => undefined;
  const start = Date.now();
  let last = 0;
  onProgress((what, done, total) => {
    const now = Date.now();
    if (now - start < PATIENCE || now - last < PAUSE) return;
    last = now;
    stream.write(`${CLEAR}${what}: ${String(done)} of ${String(total)}`);
    shownOn = stream;
  });
  return () => {
    onProgress(undefined);
    hideProgress();
  };
}

export function hideProgress(): void {
  shownOn?.write(CLEAR);
  shownOn = undefined;
}

/** Return to column 1 and erase the line (ECMA-48, EL). */
const CLEAR = '\r\u001b[2K';
