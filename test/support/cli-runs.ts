import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from './cli';

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program with one command line after the other, and tells by JSON on standard error what each gave. */
const PROGRAM = `
const program = import(${JSON.stringify(pathToFileURL(join(REPOSITORY, 'build', 'program', 'program.mjs')).href)});
const runs = [];
const write = process.stderr.write.bind(process.stderr);
(async () => {
  for (const args of JSON.parse(process.argv[1])) {
    const run = { status: 0, stdout: '', stderr: '' };
    process.stdout.write = (text) => { run.stdout += text; return true; };
    process.stderr.write = (text) => { run.stderr += text; return true; };
    run.status = await (await program).runProgram(args);
    runs.push(run);
  }
  write(JSON.stringify(runs));
})();
`;

/** What the program gives for each of several command lines, all in one process: most of a run's time is its start. */
export function dozlabRuns(
  commandLines: readonly (readonly string[])[],
  cwd = REPOSITORY,
  env: NodeJS.ProcessEnv = process.env,
): Run[] {
  const { stderr, status } = spawnSync(process.execPath, ['-e', PROGRAM, JSON.stringify(commandLines)], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`the program ended by itself: ${stderr}`);
  return JSON.parse(stderr) as Run[];
}
