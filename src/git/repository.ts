import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { DozlabError } from '../core/errors';
import { readProgram, runProgram } from '../core/exec';
import { gitVariables } from './environment';
import { withoutUserInfo } from './remote-url';

/** A Git repository in which a folder lies, as the program `git` tells of it. */
export class Repository {
  private constructor(
    /** Real path of the work tree. */
    readonly root: string,
    /** Path of the folder within the work tree, with `/` at its end; empty where it is the work tree itself. */
    readonly prefix: string,
  ) {}

  /**
   * The repository around a folder.
   * @throws DozlabError with code `missing-repository` where there is none, and `missing-tool` without git
   */
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
    const path = relative(root, real).split(sep).join('/');
    // GIT_WORK_TREE may name another one.
    if (path === '..' || path.startsWith('../')) throw missing();
    return new Repository(root, path === '' ? '' : `${path}/`);
  }

  /**
   * Runs git in the work tree, and gives what it prints.
   * @param why what it is needed for, as in "git is needed to …"
   * @throws DozlabError with code `failed-tool` with what git says
   */
  run(why: string, args: readonly string[], input?: string): string {
    return runGit(why, this.root, args, input);
  }

  /** The same, of what is not text. */
  bytes(why: string, args: readonly string[], input: string): Buffer {
    return readProgram('git', why, { args, cwd: this.root, variables: gitVariables(), input });
  }

  /** As `run`, for what may take minutes: hooks, and what goes over the network. */
  runLong(why: string, args: readonly string[], input?: string): string {
    return runGit(why, this.root, args, input, LONG);
  }

  /** What a command that may fail prints; undefined when it fails. */
  ask(args: readonly string[], input?: string): string | undefined {
    try {
      return this.run('to read the repository', args, input).trimEnd();
    } catch (error) {
      if (error instanceof DozlabError && error.code === 'failed-tool') return undefined;
      throw error;
    }
  }

  /** Name of the branch that is checked out; undefined when the head is detached. */
  branch(): string | undefined {
    return this.ask(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  }

  /** The id of the commit that a branch, tag or expression names; undefined when there is none. */
  commit(ref: string): string | undefined {
    // What begins with a dash would be an option.
    return ref.startsWith('-') ? undefined : this.ask(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  }
}

/** Makes paths names of files, and no patterns. */
export const LITERAL = '--literal-pathspecs';

const LONG = 15 * 60_000;

function runGit(why: string, cwd: string, args: readonly string[], input?: string, timeLimit?: number): string {
  try {
    return runProgram('git', why, {
      args,
      cwd,
      variables: gitVariables(),
      ...(input === undefined ? {} : { input }),
      ...(timeLimit === undefined ? {} : { timeLimit }),
    });
  } catch (error) {
    // git names a remote by its URL, in which there may be a password.
    if (!(error instanceof DozlabError) || !error.message.includes('://')) throw error;
    throw new DozlabError(error.code, withoutUserInfo(error.message), { cause: error.cause });
  }
}
