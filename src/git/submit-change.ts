import { DozlabError } from '../core/errors';
import { branchIsThere, branchNameOf, checkNewBranch, makeBranch, unmakeBranch } from './branch';
import { commitFiles } from './commit';
import { readyHead, type Head } from './head';
import { push, refuseBehind, remoteFor, remoteState, type Remote } from './remote';
import { siteOf, type Site, type Variables } from './forge/site';
import { Repository } from './repository';

/** What is to be done with a change by Git. */
export interface Wish {
  /** Name of a branch to be made; the commit goes to it. */
  readonly branch?: string;
  readonly commit?: boolean;
  readonly push?: boolean;
  readonly open?: boolean;
}

/** Whether anything is: each of these needs the commit. */
export const isWished = ({ branch, commit, push: pushes, open }: Wish): boolean =>
  branch !== undefined || [commit, pushes, open].includes(true);

/** What has become of a commit. */
export interface Published {
  readonly pushed: boolean;
  /** The pull or merge request, or the page on which a person opens it. */
  readonly url?: string;
  /** What was done, in lines for people. */
  readonly lines: readonly string[];
  /** What went wrong, and how to go on. */
  readonly failure?: string;
}

/** A commit that is about to be made, and what is to become of it. All that can be checked beforehand is. */
export class Contribution {
  private remote: Remote | undefined;
  private site: Site | undefined;
  private base = '';
  private isNewBranch: boolean;

  private constructor(
    readonly repository: Repository,
    private readonly summary: string,
    private readonly wish: Wish,
    private readonly head: Head,
    /** The branch that the commit goes to. */
    public branch: string,
  ) {
    this.isNewBranch = wish.branch !== undefined;
  }

  /**
   * @param folder in which the files are
   * @param summary of the change, in a line
   * @throws DozlabError with code `missing-repository`, `missing-tool`, `unfit-repository` or `invalid-usage` when it cannot be made
   */
  static in(folder: string, summary: string, wish: Wish): Contribution {
    const repository = Repository.around(folder);
    const head = readyHead(repository);
    if (wish.branch !== undefined) checkNewBranch(repository, wish.branch);
    const branch = wish.branch ?? head.branch;
    if (branch === undefined && wish.open !== true)
      throw new DozlabError('unfit-repository', 'no branch is checked out (detached head): --branch NAME makes one');
    return new Contribution(repository, summary, wish, head, branch ?? '');
  }

  /**
   * Asks the remote, and the service that it belongs to, whether they will take the commit.
   * @throws DozlabError with code `unfit-repository`, `failed-tool` or `failed-forge` when they will not, or do not answer
   */
  async ask(variables: Variables): Promise<void> {
    const { repository, head, wish } = this;
    if (wish.push !== true && wish.open !== true) return;
    let remote = remoteFor(repository, head.branch, wish.branch);
    let state = remoteState(repository, remote);
    if (wish.open === true) {
      if (state.defaultBranch === undefined)
        throw new DozlabError('unfit-repository', `${remote.name} has no branch that a request could be opened for`);
      this.base = state.defaultBranch;
      if (this.branch === '' || this.branch === this.base) {
        this.refuseBase(remote);
        this.branch = branchNameOf(this.summary);
        this.isNewBranch = true;
        checkNewBranch(repository, this.branch);
        remote = { ...remote, branch: this.branch };
        state = remoteState(repository, remote);
      }
      this.site = remote.address === undefined ? undefined : siteOf(remote.address, variables);
      await this.site?.forge?.check();
    }
    if (this.isNewBranch && state.commit !== undefined) throw branchIsThere(remote.name, this.branch);
    refuseBehind(repository, remote, state);
    this.remote = remote;
  }

  /** A request needs another branch than the one that it is for. */
  private refuseBase({ name }: Remote): void {
    if (this.wish.branch === undefined) return;
    throw new DozlabError(
      'unfit-repository',
      `${this.base} is the default branch of ${name}, for which the request would be; accepted: another --branch`,
    );
  }

  /** What is about to be done, in lines for people. */
  plans(): string[] {
    const { remote, site, base } = this;
    const request =
      site === undefined
        ? `what ${remote?.name ?? ''} is, is not known: you would open the request there`
        : `would ${site.forge === undefined ? `print where you open (no token in ${site.tokenName})` : 'open'} a ${site.noun} for ${base}`;
    return [
      `would commit to ${this.isNewBranch ? 'the new branch' : 'the branch'} ${this.branch}`,
      ...(remote === undefined ? [] : [`would push it to ${remote.name}`]),
      ...(base === '' ? [] : [request]),
    ];
  }

  /**
   * Commits files, all of which are below the work tree.
   * @returns the id of the commit
   * @throws DozlabError with code `failed-tool` when there is no commit; the branch and the index are as before
   */
  commit(paths: readonly string[]): string {
    if (this.isNewBranch) makeBranch(this.repository, this.branch);
    try {
      return commitFiles(this.repository, this.summary, paths);
    } catch (error) {
      if (this.isNewBranch) unmakeBranch(this.repository, this.branch, this.head);
      throw error;
    }
  }

  /** Pushes the commit and opens the request, as far as that is wished. The commit stays, whatever happens. */
  async publish(): Promise<Published> {
    const { remote, branch, base, site } = this;
    if (remote === undefined) return { pushed: false, lines: [] };
    try {
      push(this.repository, branch, remote);
    } catch (error) {
      const failure = `${messageOf(error)}\nthe commit is on the branch ${branch}, here and nowhere else; to go on: git push --set-upstream ${remote.name} ${branch}`;
      return { pushed: false, lines: [], failure };
    }
    const lines = [`pushed ${branch} to ${remote.name}`];
    if (base === '') return { pushed: true, lines };
    if (site === undefined) {
      const unknown = `what ${remote.name} is, is not known: open a request for the branch ${branch} there`;
      return { pushed: true, lines: [...lines, unknown] };
    }
    const page = site.pageFor({ branch, base });
    if (site.forge === undefined)
      return { pushed: true, url: page, lines: [...lines, `no token in ${site.tokenName}; open it at ${page}`] };
    try {
      const { url, wasOpen } = await site.forge.open({ title: this.summary, branch, base });
      return { pushed: true, url, lines: [...lines, `${wasOpen ? 'is open already' : 'opened'}: ${url}`] };
    } catch (error) {
      const failure = `${messageOf(error)}\nthe branch is pushed, but no ${site.noun} is open; to go on: ${page}`;
      return { pushed: true, url: page, lines, failure };
    }
  }
}

const messageOf = (error: unknown): string => {
  if (error instanceof DozlabError) return error.message;
  throw error;
};
