import { onProgress } from '../core/progress';

/** Milliseconds after which progress is shown, and between two changes of it. */
const PATIENCE = 1000;
const PAUSE = 100;

/** What a line can be shown on. */
type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** Where a line of progress stands now. */
let shownOn: Stream | undefined;

/**
 * Shows how far a command has come on a line of standard error that goes away: on a terminal, once it has taken longer than a second.
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

/** Takes the line of progress away until the next change of it, as something else is to be printed where it stands. */
export function hideProgress(): void {
  shownOn?.write(CLEAR);
  shownOn = undefined;
}

/** To the beginning of the line, and nothing on it (ECMA-48, EL). */
const CLEAR = '\r\u001b[2K';
