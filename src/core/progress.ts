export type ProgressListener = (what: string, done: number, total: number) => void;

let listener: ProgressListener | undefined;

export function onProgress(next: ProgressListener | undefined): void {
  listener = next;
}

export function progress(what: string, done: number, total: number): void {
  listener?.(what, done, total);
}
