import type { Run } from './run';
import type { Runner } from './runners/runner';

/** Something that takes its turn in each of its first rounds. */
export interface Turn<T> {
  readonly what: T;
  readonly runner: Runner;
  readonly runs: number;
}

/** All take turns within a round, so that noise hits all alike. After so many minutes no further round begins. */
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
