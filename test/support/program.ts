import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from './cli';
import type { Run } from './cli-runs';

/** Runs the built program with the command lines that it is sent, one after the other. */
const PROGRAM = `
const program = import(${JSON.stringify(pathToFileURL(join(REPOSITORY, 'build', 'program', 'program.mjs')).href)});
process.on('message', async (args) => {
  const run = { status: 0, stdout: '', stderr: '' };
  process.stdout.write = (text) => { run.stdout += text; return true; };
  process.stderr.write = (text) => { run.stderr += text; return true; };
  try {
    run.status = await (await program).runProgram(args);
  } catch (error) {
    run.status = -1;
    run.stderr += error.stack;
  }
  process.send(run);
});
`;

/** The program in one process that goes on, for tests that do something between the runs: most of a run's time is its start. */
export class Program {
  private readonly child: ChildProcess = spawn(process.execPath, ['-e', PROGRAM], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

  async run(...args: string[]): Promise<Run> {
    this.child.send(args);
    const [run] = (await once(this.child, 'message')) as [Run];
    return run;
  }

  end(): void {
    this.child.disconnect();
  }
}
