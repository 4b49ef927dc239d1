import { setTimeout as sleep } from 'node:timers/promises';
import type { Keeper } from './keeper';

const START_TIME = 120_000;

/** Waits until something is so, for at most two minutes, but not when a program of the keeper has ended. */
export async function until(keeper: Keeper, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + START_TIME; !(await isSo()); await sleep(200)) {
    keeper.expectRunning();
    if (Date.now() > end) throw new Error(`the cluster has not started in ${String(START_TIME / 1000)} s`);
  }
}

/** Whether something answers at a URL with success. */
export const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
