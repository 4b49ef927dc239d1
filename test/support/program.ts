import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, read, readFileSync, readSync, readdirSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { REPOSITORY } from './cli';
import { temporaryFolder } from './project';

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** @default the repository */
  readonly cwd?: string | undefined;
  /** @default the environment of the test */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** @default empty */
  readonly input?: string | Buffer | undefined;
}

const readAsync = promisify(read);
const CHUNK = 1 << 16;

/**
 * Runs command lines in one process, because most of a run's time is its start. A run does not mask the secrets of
 * earlier runs.
 */
export class Program {
  private readonly child: ChildProcess;
  private readonly requests: number;
  private readonly results: number;
  private readonly chunk = Buffer.alloc(CHUNK);

  constructor() {
    const pipes = ['requests', 'results'].map((name) => join(temporaryFolder(), name));
    execFileSync('mkfifo', pipes);
    const [requests = '', results = ''] = pipes;
    this.child = spawn(
      process.execPath,
      [join(__dirname, 'program-process.js'), programWithOpenSecrets(), requests, results],
      {
        stdio: ['pipe', 'inherit', 'inherit'],
      },
    );
    this.child.stdin?.end();
    this.child.unref();
    this.requests = openSync(requests, 'w');
    this.results = openSync(results, 'r');
  }

  run(args: readonly string[], options: RunOptions = {}): Run {
    this.send(args, options);
    const result = new Result();
    while (!result.ended) result.add(this.chunk, readSync(this.results, this.chunk));
    return result.run;
  }

  async start(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    this.send(args, options);
    const result = new Result();
    while (!result.ended) result.add(this.chunk, (await readAsync(this.results, this.chunk, 0, CHUNK, null)).bytesRead);
    return result.run;
  }

  async end(): Promise<void> {
    this.child.ref();
    const exit = once(this.child, 'exit');
    closeSync(this.requests);
    closeSync(this.results);
    await exit;
  }

  private send(args: readonly string[], { cwd = REPOSITORY, env = process.env, input = '' }: RunOptions): void {
    const bytes = Buffer.from(`${JSON.stringify({ args, cwd, env, input: Buffer.from(input).toString('base64') })}\n`);
    for (let sent = 0; sent < bytes.length;) sent += writeSync(this.requests, bytes, sent);
  }
}

class Result {
  private readonly chunks: Buffer[] = [];
  ended = false;

  add(chunk: Buffer, length: number): void {
    if (length === 0) throw new Error('the program ended its process');
    this.chunks.push(Buffer.from(chunk.subarray(0, length)));
    this.ended = chunk[length - 1] === 0x0a;
  }

  get run(): Run {
    return JSON.parse(Buffer.concat(this.chunks).toString('utf8')) as Run;
  }
}

/** The copy has its set of masked secrets as a global variable. */
function programWithOpenSecrets(): string {
  const folder = temporaryFolder();
  const target = join(folder, 'build', 'program');
  mkdirSync(target, { recursive: true });
  // The program finds its other files relative to its own path.
  for (const name of readdirSync(REPOSITORY))
    if (name !== 'build') symlinkSync(join(REPOSITORY, name), join(folder, name));
  for (const name of readdirSync(join(REPOSITORY, 'build')))
    if (name !== 'program') symlinkSync(join(REPOSITORY, 'build', name), join(folder, 'build', name));
  const built = join(REPOSITORY, 'build', 'program');
  const name = /(?<=\bsecrets\d*=)(?=new Set\b)/g;
  let found = 0;
  // npm packs these files. Chunks of an earlier build may be beside them.
  for (const [, file = ''] of readFileSync(join(built, '.npmignore'), 'utf8').matchAll(/^!(.+)$/gm)) {
    const parts = readFileSync(join(built, file), 'utf8').split(name);
    found += parts.length - 1;
    writeFileSync(join(target, file), parts.join('globalThis.maskedSecrets='));
  }
  if (found !== 1) throw new Error('core/redact.ts must have the only set named secrets');
  return pathToFileURL(join(target, 'program.mjs')).href;
}
