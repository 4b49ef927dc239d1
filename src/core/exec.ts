import { spawnSync } from 'node:child_process';
import { DozlabError } from './errors';
import { withoutSecrets } from './redact';

export interface ToolRun {
  readonly args: readonly string[];
  /**
   * Pass secrets here: other users can read the arguments of a process.
   * @default empty
   */
  readonly input?: string;
  readonly cwd?: string;
  /** `undefined` removes a variable of our environment. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /**
   * In milliseconds.
   * @default 60,000
   */
  readonly timeLimit?: number;
}

const TIME_LIMIT = 60_000;

/** 1 GiB. */
const MAX_OUTPUT = 1024 ** 3;

export const hasTool = (name: string): boolean =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;

/**
 * @param why completes "NAME is needed …"
 * @throws DozlabError with code `missing-tool` or `failed-tool`
 */
export const runTool = (name: string, why: string, run: ToolRun): string => readTool(name, why, run).toString('utf8');

/**
 * For binary output.
 * @throws DozlabError with code `missing-tool` or `failed-tool`
 */
export function readTool(name: string, why: string, run: ToolRun): Buffer {
  const { status, stdout, stderr } = outputOfTool(name, why, run);
  if (status !== 0) throw new DozlabError('failed-tool', `${name} failed ${why}: ${lastLines(stderr)}`);
  return stdout;
}

export interface ToolOutput {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * For tools whose exit code says more than success.
 * @throws DozlabError with code `missing-tool` or `failed-tool`
 */
export function outputOfTool(name: string, why: string, run: ToolRun): ToolOutput {
  const { args, input = '', cwd, variables, timeLimit = TIME_LIMIT } = run;
  const { error, status, stdout, stderr } = spawnSync(name, args, {
    input,
    timeout: timeLimit,
    ...(variables === undefined ? {} : { env: { ...process.env, ...variables } }),
    maxBuffer: MAX_OUTPUT,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  // A program that exits before it reads all of its input breaks the pipe; its exit code still counts.
  const isUnreadInput = code === 'EPIPE' && status !== null;
  if (error !== undefined && !isUnreadInput) {
    if (code === 'ENOENT')
      throw new DozlabError('missing-tool', `${name} is needed ${why}, and is not on the PATH`, { cause: error });
    throw new DozlabError('failed-tool', `${name} did not end: ${code ?? 'unknown error'}`, { cause: error });
  }
  return { status, stdout, stderr: stderr.toString('utf8') };
}

const SHOWN_LINES = 12;

/** Git's advice would push out the error. Without secrets. */
export const lastLines = (text: string): string =>
  withoutSecrets(
    text
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('hint:'))
      .slice(-SHOWN_LINES)
      .join('\n'),
  );
