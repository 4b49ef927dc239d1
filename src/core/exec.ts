import { spawnSync } from 'node:child_process';
import { DozlabError } from './errors';
import { withoutSecrets } from './redact';

/** How a program is run. */
export interface ProgramRun {
  readonly args: readonly string[];
  /** What it reads from its standard input; nothing when not given. A secret goes this way, as everybody can list the arguments of a process. */
  readonly input?: string;
  readonly cwd?: string;
  /** Variables beside those that we have; undefined takes one away. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /**
   * Milliseconds after which it is given up.
   * @default a minute
   */
  readonly timeLimit?: number;
}

const TIME_LIMIT = 60_000;

/** Bytes that a program may print. */
const MOST_OUTPUT = 1024 ** 3;

/** Whether a program is on the PATH. */
export const hasProgram = (name: string): boolean =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;

/**
 * Runs a program and gives what it prints.
 * @param why what it is needed for, as in "kubectl is needed to …"
 * @throws DozlabError with code `missing-tool` when it is not there, and `failed-tool` with what it says when it fails
 */
export const runProgram = (name: string, why: string, run: ProgramRun): string =>
  readProgram(name, why, run).toString('utf8');

/** The same, of what is not text. */
export function readProgram(name: string, why: string, run: ProgramRun): Buffer {
  const { args, input = '', cwd, variables, timeLimit = TIME_LIMIT } = run;
  const { error, status, stdout, stderr } = spawnSync(name, args, {
    input,
    timeout: timeLimit,
    ...(variables === undefined ? {} : { env: { ...process.env, ...variables } }),
    maxBuffer: MOST_OUTPUT,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  // One that ends without reading all of its input breaks the pipe to it: its exit code tells whether it failed.
  const isUnread = code === 'EPIPE' && status !== null;
  if (error !== undefined && !isUnread) {
    if (code === 'ENOENT')
      throw new DozlabError('missing-tool', `${name} is needed ${why}, and is not on the PATH`, { cause: error });
    throw new DozlabError('failed-tool', `${name} did not end: ${code ?? 'unknown error'}`, { cause: error });
  }
  if (status !== 0)
    throw new DozlabError(
      'failed-tool',
      `${name} failed ${why}: ${withoutSecrets(lastLines(stderr.toString('utf8')))}`,
    );
  return stdout;
}

/** Lines that are shown of what a program says when it fails. */
const SHOWN = 12;

/** The end of what a program says, without the advice of git, which is longer than what is wrong. */
const lastLines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('hint:'))
    .slice(-SHOWN)
    .join('\n');
