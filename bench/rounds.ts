import type { Run } from './run';
import type { Runner } from './runners/runner';

export interface Turn<T> {
  readonly what: T;
  readonly runner: Runner;
  readonly runs: number;
}

/** Each round runs every turn once, so that noise affects all equally. */
export async function inRounds<T>(
  turns: readonly Turn<T>[],
  minutes: number,
  say: (text: string) => void,
): Promise<ReadonlyMap<T, readonly Run[]>> {
  const done = new Map(turns.map(({ what }): [T, Run[]] => [what, []]));
  const rounds = Math.max(...turns.map(({ runs }) => runs));
  const end = performance.now() + minutes * 60_000;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round += 1) {
    say(`round ${String(round + 1)} of ${String(rounds)}`);
    for (const { what, runner } of turns.filter(({ runs }) => round < runs)) {
      runner.reset?.(round);
      done.get(what)?.push(await runner.run());
    }
  }
  return done;
}
