import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A program to be run. */
export interface Program {
  /** What it is called, in the name of its log and in errors. */
  readonly name: string;

  readonly command: string;

  /** @default none */
  readonly args?: readonly string[];

  /** @default the keeper's folder */
  readonly cwd?: string;

  /** Environment variables beside those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** How much of a log an error shows. */
const LOG_LINES = 30;

/**
 * Runs programs that end when this process ends, in whatever way: a process of its own holds them, ends them when the pipe from here closes,
 * and removes their folder.
 */
export class Keeper {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly ends = new Map<string, string>();
  private readonly waiting = new Map<string, (how: string) => void>();
  private readonly stopped: Promise<void>;

  /**
   * @param folder a folder for what the programs write, logs among it; made when it is not there
   * @param environment variables for all programs, beside those of this process
   */
  constructor(
    readonly folder: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    mkdirSync(folder, { recursive: true });
    // In a session of its own, as a Ctrl-C in the terminal is sent to all of one session.
    this.process = spawn(process.execPath, [join(__dirname, 'keeper-process.js'), folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
      env: { ...process.env, ...environment },
    });
    this.stopped = new Promise((resolve) => {
      this.process.on('exit', () => {
        for (const name of this.waiting.keys()) this.ended(name, 'what kept it has ended');
        this.ended('keeper', 'exit');
        resolve();
      });
    });
    // A keeper that is gone cannot be told anything; its exit says so.
    this.process.stdin.on('error', () => undefined);
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const { name, how } = JSON.parse(line) as { name: string; how: string };
      this.ended(name, how);
    });
  }

  /** Starts a program that is to run until `stop`. */
  start(program: Program): void {
    this.process.stdin.write(`${JSON.stringify(program)}\n`);
  }

  /**
   * Runs a program to its end.
   * @throws Error with the end of its output when it fails
   */
  async run(program: Program): Promise<void> {
    const end = new Promise<string>((resolve) => this.waiting.set(program.name, resolve));
    this.start(program);
    const how = await end;
    if (how !== 'exit code 0') throw new Error(this.failure(program.name, how));
  }

  /** @throws Error with the end of its output when any program has ended that `start` started */
  expectRunning(): void {
    for (const [name, how] of this.ends) if (!this.waiting.has(name)) throw new Error(this.failure(name, how));
  }

  /** Ends all programs and removes the folder. */
  async stop(): Promise<void> {
    this.process.stdin.end();
    await this.stopped;
  }

  private ended(name: string, how: string): void {
    if (this.ends.has(name)) return;
    this.ends.set(name, how);
    this.waiting.get(name)?.(how);
  }

  private failure(name: string, how: string): string {
    const log = join(this.folder, 'log', `${name}.log`);
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES) : [];
    return [`${name} ended: ${how}`, ...lines].join('\n');
  }
}
