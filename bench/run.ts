import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { followPeakMemory } from './peak-memory';

export const PROCESSES = join(__dirname, 'processes');

export interface Run {
  readonly seconds: number;
  /** Null if the system does not report it. */
  readonly megabytes: number | null;
}

export async function runProgram(program: string, args: readonly string[], output?: string): Promise<Run> {
  const sink = output === undefined ? 'ignore' : openSync(output, 'w');
  try {
    return await new Promise<Run>((resolve, reject) => {
      let said = '';
      const start = process.hrtime.bigint();
      const child = spawn(program, args, { stdio: ['ignore', sink, 'pipe'] });
      const peak = child.pid === undefined ? () => null : followPeakMemory(child.pid);
      // Ends the program before the bench removes its files.
      const stop = () => child.kill('SIGKILL');
      process.prependOnceListener('exit', stop);
      let run: Run;
      child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
      child.on('error', (error) => {
        process.off('exit', stop);
        peak();
        reject(error);
      });
      child.on('exit', () => {
        run = { seconds: Number(process.hrtime.bigint() - start) / 1e9, megabytes: peak() };
      });
      child.on('close', (code) => {
        process.off('exit', stop);
        if (code === 0) resolve(run);
        else reject(new Error(`${program} ${args.join(' ')} ended with ${String(code)}: ${said.slice(-2000)}`));
      });
    });
  } finally {
    if (sink !== 'ignore') closeSync(sink);
  }
}

export async function oneByOne(runs: readonly (() => Promise<Run>)[]): Promise<Run> {
  let seconds = 0;
  let megabytes: number | null = null;
  for (const run of runs) {
    const done = await run();
    seconds += done.seconds;
    megabytes = done.megabytes === null ? megabytes : Math.max(done.megabytes, megabytes ?? 0);
  }
  return { seconds, megabytes };
}
