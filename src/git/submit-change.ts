import { DozlabError } from '../core/errors';
import {
  branchExistsAt,
  branchNameOf,
  checkNewBranch,
  createBranch,
  readyHead,
  removeBranch,
  type Head,
} from './branch';
import { commitFiles } from './commit';
import { commitMessage, type CommitMessage } from './commit-message';
import { siteOf, type Site, type Environment } from './forge/site';
import { push, refuseBehind, remoteFor, remoteState, type Remote } from './remote';
import type { Change } from '../source/changes';
import { Repository } from './repository';

/** `push` and `branch` include the commit; `open` includes the push. */
export interface SubmitOptions {
  readonly branch?: string;
  readonly commit?: boolean;
  readonly push?: boolean;
  readonly open?: boolean;
}

export const isSubmitted = ({ branch, commit, push: pushes, open }: SubmitOptions): boolean =>
  branch !== undefined || [commit, pushes, open].includes(true);

export interface SubmitResult {
  readonly pushed: boolean;
  readonly url?: string;
  readonly lines: readonly string[];
  /** After the commit. */
  readonly failure?: string;
}

export class Submission {
  private remote: Remote | undefined;
  private site: Site | undefined;
  private base = '';
  private isNewBranch: boolean;

  private constructor(
    readonly repository: Repository,
    private readonly message: CommitMessage,
    private readonly options: SubmitOptions,
    private readonly head: Head,
    public branch: string,
  ) {
    this.isNewBranch = options.branch !== undefined;
  }

  /** @throws DozlabError with code `missing-repository`, `missing-tool`, `unfit-repository` or `invalid-usage` */
  static prepare(folder: string, change: Pick<Change, 'summary' | 'details'>, options: SubmitOptions): Submission {
    const repository = Repository.around(folder);
    const head = readyHead(repository);
    if (options.branch !== undefined) checkNewBranch(repository, options.branch);
    const branch = options.branch ?? head.branch;
    if (branch === undefined && options.open !== true)
      throw new DozlabError('unfit-repository', 'no branch is checked out (detached HEAD). Fix: set --branch NAME');
    return new Submission(repository, commitMessage(change), options, head, branch ?? '');
  }

  /** @throws DozlabError with code `unfit-repository`, `failed-tool` or `failed-forge` */
  async checkRemote(variables: Environment): Promise<void> {
    const { repository, head, options } = this;
    if (options.push !== true && options.open !== true) return;
    let remote = remoteFor(repository, head.branch, options.branch);
    let state = remoteState(repository, remote);
    if (options.open === true) {
      if (state.defaultBranch === undefined)
        throw new DozlabError('unfit-repository', `${remote.name} has no default branch to open a request for`);
      this.base = state.defaultBranch;
      if (this.branch === '' || this.branch === this.base) {
        this.refuseBase(remote);
        this.branch = branchNameOf(this.message.subject);
        this.isNewBranch = true;
        checkNewBranch(repository, this.branch);
        remote = { ...remote, branch: this.branch };
        state = remoteState(repository, remote);
      }
      this.site = remote.address === undefined ? undefined : siteOf(remote.address, variables);
      await this.site?.forge?.check();
    }
    if (this.isNewBranch && state.commit !== undefined) throw branchExistsAt(remote.name, this.branch);
    refuseBehind(repository, remote, state);
    this.remote = remote;
  }

  private refuseBase({ name }: Remote): void {
    if (this.options.branch === undefined) return;
    throw new DozlabError(
      'unfit-repository',
      `${this.base} is the default branch of ${name}, so a request cannot come from it. Fix: use another --branch`,
    );
  }

  plan(): string[] {
    const { remote, site, base } = this;
    const request =
      site === undefined
        ? `${remote?.name ?? ''} is neither at GitHub nor at GitLab: open a request there`
        : `would ${site.forge === undefined ? `print the page to open (no token in ${site.tokenName})` : 'open'} a ${site.noun} for ${base}`;
    return [
      `would commit to ${this.isNewBranch ? 'the new branch' : 'the branch'} ${this.branch}`,
      ...(remote === undefined ? [] : [`would push it to ${remote.name}`]),
      ...(base === '' ? [] : [request]),
    ];
  }

  /** @throws DozlabError with code `failed-tool`; branch and index are as before */
  commit(paths: readonly string[]): string {
    if (this.isNewBranch) createBranch(this.repository, this.branch);
    try {
      return commitFiles(this.repository, this.message, paths);
    } catch (error) {
      if (this.isNewBranch) removeBranch(this.repository, this.branch, this.head);
      throw error;
    }
  }

  /** The commit stays if a step fails. */
  async publish(): Promise<SubmitResult> {
    const { remote, branch, base, site } = this;
    if (remote === undefined) return { pushed: false, lines: [] };
    try {
      push(this.repository, branch, remote);
    } catch (error) {
      const failure = `${messageOf(error)}\nthe commit is only in this clone, on the branch ${branch}. Fix: git push --set-upstream ${remote.name} ${branch}`;
      return { pushed: false, lines: [], failure };
    }
    const lines = [`pushed ${branch} to ${remote.name}`];
    if (base === '') return { pushed: true, lines };
    if (site === undefined) {
      const line = `${remote.name} is neither at GitHub nor at GitLab: open a request for the branch ${branch} there`;
      return { pushed: true, lines: [...lines, line] };
    }
    const page = site.pageFor({ branch, base });
    if (site.forge === undefined)
      return { pushed: true, url: page, lines: [...lines, `no token in ${site.tokenName}; open it at ${page}`] };
    try {
      const { url, wasOpen } = await site.forge.open({ title: this.message.subject, branch, base });
      return { pushed: true, url, lines: [...lines, `${wasOpen ? 'already open' : 'opened'}: ${url}`] };
    } catch (error) {
      const failure = `${messageOf(error)}\nthe branch is pushed, but no ${site.noun} is open. Fix: open it at ${page}`;
      return { pushed: true, url: page, lines, failure };
    }
  }
}

const messageOf = (error: unknown): string => {
  if (error instanceof DozlabError) return error.message;
  throw error;
};
