/** Is told how far something has come that may take long: what is done, how many of how many. */
export type ProgressListener = (what: string, done: number, total: number) => void;

let listener: ProgressListener | undefined;

/** Tells one listener from now on, or none. */
export function onProgress(next: ProgressListener | undefined): void {
  listener = next;
}

/** Tells how far something has come. */
export function progress(what: string, done: number, total: number): void {
  listener?.(what, done, total);
}
