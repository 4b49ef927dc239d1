import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from './cli';
import type { Run } from './cli-runs';
import { temporaryFolder } from './project';

const BUILT = join(REPOSITORY, 'build', 'program');

/** One command line, with what it reads and sees. */
export interface SecretRun {
  readonly args: readonly string[];
  /** Standard input: text, or bytes. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A copy of the built program that gives the set of secrets that it masks to its host, as a global variable. */
function programWithOpenSecrets(): string {
  const folder = temporaryFolder();
  const name = /(?<=\bsecrets\d*=)(?=new Set\b)/g;
  let found = 0;
  // npm packs these: chunks of an earlier build may be beside them.
  const files = readFileSync(join(BUILT, '.npmignore'), 'utf8').matchAll(/^!(.+)$/gm);
  for (const [, file = ''] of files) {
    const parts = readFileSync(join(BUILT, file), 'utf8').split(name);
    found += parts.length - 1;
    writeFileSync(join(folder, file), parts.join('globalThis.maskedSecrets='));
  }
  if (found !== 1) throw new Error('core/redact.ts must have the only set named secrets');
  return pathToFileURL(join(folder, 'program.mjs')).href;
}

/**
 * Like `dozlabRuns`, but each run has its own standard input and environment, and begins without the passwords of those before it, which it
 * would not print. What the program throws by mistake gives the status -1.
 */
const PROGRAM = `
const { Readable } = require('node:stream');
const runs = [];
const write = process.stdout.write.bind(process.stdout);
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
const start = process.cwd();
(async () => {
  const { runProgram } = await import(process.argv[2]);
  for (const { args, input, env, cwd } of JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'))) {
    const run = { status: 0, stdout: '', stderr: '' };
    const before = { ...process.env };
    Object.assign(process.env, env);
    process.chdir(cwd ?? start);
    const stdin = Readable.from([Buffer.from(input, 'base64')], { objectMode: false });
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
    globalThis.maskedSecrets.clear();
    process.stdout.write = (text) => { run.stdout += text; return true; };
    process.stderr.write = (text) => { run.stderr += text; return true; };
    try {
      run.status = await runProgram(args);
    } catch (error) {
      run.status = -1;
      run.stderr += error.stack;
    }
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    runs.push(run);
  }
  write(JSON.stringify(runs));
})();
`;

/** An environment without any program but those of the folder, and without age keys. */
export const bareEnvironment = (programs: string): Record<string, string> => {
  const home = join(programs, 'home');
  mkdirSync(home, { recursive: true });
  return { PATH: programs, HOME: home, TMPDIR: home, NO_COLOR: '1' };
};

/** What the program gives for several command lines, all in one process that finds no program but those of the folder. */
export function secretRuns(runs: readonly SecretRun[], programs = temporaryFolder()): Run[] {
  const list = join(temporaryFolder(), 'runs.json');
  writeFileSync(
    list,
    JSON.stringify(runs.map((run) => ({ ...run, input: Buffer.from(run.input ?? '').toString('base64') }))),
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', PROGRAM, list, programWithOpenSecrets()], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    input: '',
    env: bareEnvironment(programs),
  });
  if (status !== 0) throw new Error(`the program ended by itself: ${stderr}`);
  return JSON.parse(stdout) as Run[];
}

/** The same for one command line. */
export function secretRun(args: readonly string[], run: Omit<SecretRun, 'args'> = {}, programs?: string): Run {
  const [result] = secretRuns([{ args, ...run }], programs);
  if (result === undefined) throw new Error('the program gave nothing');
  return result;
}

/** A call of a stand-in for a program. */
export interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

/** Stands in for kubectl or sops: writes down how it is called, and does what `body` says (with `args`, `input`, `say`, `fail`). */
export class StandIn {
  constructor(
    readonly folder: string,
    readonly name: string,
    body = '',
  ) {
    const text = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === '--version') process.exit(0);
const input = readFileSync(0, 'utf8');
appendFileSync(${JSON.stringify(this.log)}, JSON.stringify({ args, input }) + '\\n');
const say = (text) => process.stdout.write(text);
const fail = (text) => { process.stderr.write(text); process.exitCode = 1; };
${body}
`;
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }

  private get log(): string {
    return join(this.folder, `${this.name}.calls`);
  }

  /** How it was called. */
  calls(): Call[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Call);
  }
}
