/** A comment that is kept up to date on a pull or merge request. */
export interface KeptComment {
  readonly url: string;
  readonly change: 'created' | 'changed' | 'unchanged';
}

/** What is to be opened. */
export interface Proposal {
  readonly title: string;
  /** The branch with the change, and the one that it is for. */
  readonly branch: string;
  readonly base: string;
}

/** What a service for Git repositories does for us, by its REST API. */
export interface Forge {
  /** What it calls the thing: `pull request`. */
  readonly noun: string;
  /** Characters that a comment may have. */
  readonly longestComment: number;
  /**
   * Finds out whether the token reaches the repository.
   * @throws DozlabError with code `failed-forge`
   */
  check(): Promise<void>;
  /**
   * Opens a request, or finds the one that is open for the branch.
   * @returns its address, and whether it was there before
   * @throws DozlabError with code `failed-forge`
   */
  open(proposal: Proposal): Promise<{ readonly url: string; readonly wasOpen: boolean }>;
  /**
   * Writes a comment, or changes the one that holds a marker.
   * @param dryRun whether to look only
   * @throws DozlabError with code `failed-forge`
   */
  keepComment(number: number, body: string, marker: string, dryRun: boolean): Promise<KeptComment>;
}
