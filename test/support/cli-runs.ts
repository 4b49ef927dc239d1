import { Program, type Run, type RunOptions } from './program';

export type { Run } from './program';

let program: Program | undefined;
let pending: Promise<unknown> = Promise.resolve();

afterAll(async () => {
  await program?.end();
  program = undefined;
});

/** Runs share one process. */
export function dozlabRun(args: readonly string[], options: RunOptions = {}): Run {
  program ??= new Program();
  return program.run(args, options);
}

export const dozlabRuns = (
  commandLines: readonly (readonly string[])[],
  cwd?: string,
  env?: NodeJS.ProcessEnv,
): Run[] => commandLines.map((args) => dozlabRun(args, { cwd, env }));

/** Does not block the test. */
export function startDozlabRun(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const run = pending.then(() => (program ??= new Program()).start(args, options));
  pending = run.catch(() => undefined);
  return run;
}
