import { count, note } from './output';

/** Fewer files than this are done before anybody wonders. */
const MANY = 500;

/** Tells people at a terminal that what comes takes its time. A pipe gets nothing of it. */
export function tellWork(files: readonly unknown[]): void {
  if (process.stderr.isTTY && files.length >= MANY) note(`checking and writing ${count(files.length, 'file')} …`);
}
