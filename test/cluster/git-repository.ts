import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from '../support/project';
import { uniqueName } from './cluster';
import { systems } from './systems';

/** Settings of nobody's, and a name for the commits. */
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'test'],
      [`GIT_${role}_EMAIL`, 'test@example.com'],
    ]),
  ),
};

/** A repository on the Git server of this run, with one branch, main. */
export class GitRepository {
  /** The work tree, for tests to write into. */
  readonly folder = temporaryFolder();

  /** Where the server serves it. */
  readonly url: string;

  constructor(name: string) {
    const { git } = systems();
    const bare = `${uniqueName(name)}.git`;
    this.url = `${git.url}/${bare}`;
    this.git('init', '--quiet', '--bare', '--initial-branch=main', join(git.folder, bare));
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('remote', 'add', 'origin', join(git.folder, bare));
  }

  /** Commits the work tree as it is and pushes it. Gives the commit's hash. */
  push(): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message=test');
    this.git('push', '--quiet', 'origin', 'main');
    return this.head;
  }

  /** The hash of the newest commit. */
  get head(): string {
    return this.git('rev-parse', 'HEAD').trim();
  }

  private git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, env: environment, encoding: 'utf8' });
  }
}
