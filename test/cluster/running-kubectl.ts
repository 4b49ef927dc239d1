import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binFolder } from './tools';

const running: RunningKubectl[] = [];

/** kubectl that goes on until it is ended, and what it has printed so far. */
export class RunningKubectl {
  private printed = '';
  private readonly process: ChildProcess;

  constructor(args: readonly string[]) {
    const process = spawn(join(binFolder(), 'kubectl'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [process.stdout, process.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.printed += text));
    this.process = process;
    running.push(this);
  }

  /** Waits until it has printed something, for at most a minute. `meanwhile` is done again and again. */
  async until(pattern: RegExp, meanwhile: () => void = () => undefined): Promise<RegExpExecArray> {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
      const match = pattern.exec(this.printed);
      if (match !== null) return match;
      meanwhile();
    }
    throw new Error(`kubectl has not printed ${String(pattern)}, but: ${this.printed}`);
  }

  end(): void {
    this.process.kill();
  }
}

afterAll(() => {
  for (const each of running.splice(0)) each.end();
});
