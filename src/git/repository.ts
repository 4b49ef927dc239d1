import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { DozlabError } from '../core/errors';
import { readTool, runTool } from '../core/exec';
import { withSlashes } from '../core/safe-path';
import { withoutUserInfo } from './remote-url';

/** Paths are no patterns. */
export const LITERAL = '--literal-pathspecs';

/** Milliseconds. */
const LONG = 15 * 60_000;

export class Repository {
  private constructor(
    /** Real path. */
    readonly root: string,
    /** With a trailing `/`; empty for the work tree itself. */
    readonly prefix: string,
  ) {}

  /** @throws DozlabError with code `missing-repository` outside of a work tree, or `missing-tool` without git */
  static around(folder: string): Repository {
    const real = realpathSync(folder);
    let root: string;
    const missing = (cause?: unknown): DozlabError =>
      new DozlabError('missing-repository', `${folder} is not in the work tree of a Git repository`, { cause });
    try {
      root = realpathSync(runGit('to find the repository', real, ['rev-parse', '--show-toplevel']).trimEnd());
    } catch (error) {
      if (!(error instanceof DozlabError) || error.code !== 'failed-tool' || error.message.includes('safe.directory'))
        throw error;
      throw missing(error);
    }
    const path = withSlashes(relative(root, real));
    // GIT_WORK_TREE can name a work tree elsewhere.
    if (path === '..' || path.startsWith('../')) throw missing();
    return new Repository(root, path === '' ? '' : `${path}/`);
  }

  /**
   * @param why completes "git is needed …"
   * @throws DozlabError with code `failed-tool` and the message of git
   */
  run(why: string, args: readonly string[], input?: string): string {
    return runGit(why, this.root, args, input);
  }

  readBytes(why: string, args: readonly string[], input: string): Buffer {
    return readTool('git', why, { args, cwd: this.root, variables: gitVariables(), input });
  }

  /** For hooks and network. */
  runLong(why: string, args: readonly string[], input?: string): string {
    return runGit(why, this.root, args, input, LONG);
  }

  /** Undefined if it fails. */
  ask(args: readonly string[], input?: string): string | undefined {
    try {
      return this.run('to read the repository', args, input).trimEnd();
    } catch (error) {
      if (error instanceof DozlabError && error.code === 'failed-tool') return undefined;
      throw error;
    }
  }

  /** Undefined with a detached HEAD. */
  branch(): string | undefined {
    return this.ask(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  }

  commit(ref: string): string | undefined {
    // Git would read a leading dash as an option.
    return ref.startsWith('-') ? undefined : this.ask(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  }

  remotes(): string[] {
    return this.run('to list remotes', ['remote']).split('\n').filter(Boolean);
  }

  /** @throws DozlabError with code `unfit-repository` without a commit */
  headCommit(): string {
    const commit = this.commit('HEAD');
    if (commit === undefined)
      throw new DozlabError('unfit-repository', 'the repository has no commit. Fix: make the first one');
    return commit;
  }
}

function runGit(why: string, cwd: string, args: readonly string[], input?: string, timeLimit?: number): string {
  try {
    return runTool('git', why, {
      args,
      cwd,
      variables: gitVariables(),
      ...(input === undefined ? {} : { input }),
      ...(timeLimit === undefined ? {} : { timeLimit }),
    });
  } catch (error) {
    // Git names a remote by its URL, which can contain a password.
    if (!(error instanceof DozlabError) || !error.message.includes('://')) throw error;
    throw new DozlabError(error.code, withoutUserInfo(error.message), { cause: error.cause });
  }
}

/** Git sets these for hooks (git rev-parse --local-env-vars); they select another work tree and index. */
const LOCAL_VARIABLES = [
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_SHALLOW_FILE',
];

const gitVariables = (): Record<string, string | undefined> => ({
  // With GIT_WORK_TREE, the user's GIT_DIR belongs to it.
  ...(process.env['GIT_WORK_TREE'] === undefined
    ? Object.fromEntries(LOCAL_VARIABLES.map((name) => [name, undefined]))
    : {}),
  // Without a terminal nobody can answer a question of git.
  ...(process.stdin.isTTY ? {} : { GIT_TERMINAL_PROMPT: '0' }),
});
