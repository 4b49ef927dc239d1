/** A pull or merge request to open. */
export interface Proposal {
  readonly title: string;
  /** Branch with the change. */
  readonly branch: string;
  /** Branch to merge into. */
  readonly base: string;
}

export interface CommentResult {
  /** Empty for a dry run that would create the comment. */
  readonly url: string;
  readonly change: 'created' | 'changed' | 'unchanged';
}

/** A repository on a Git hosting service, through the service's REST API. All methods throw DozlabError with code `failed-forge`. */
export interface Forge {
  /** `pull request` or `merge request`. */
  readonly noun: string;
  /** Characters in a comment. */
  readonly maxCommentLength: number;
  /** Checks that the token can read the repository. */
  check(): Promise<void>;
  /** Opens a request, or finds the open one for the branch. */
  open(proposal: Proposal): Promise<{ readonly url: string; readonly wasOpen: boolean }>;
  /** Creates a comment, or changes our own comment that contains the marker. A dry run only reads. */
  upsertComment(number: number, body: string, marker: string, dryRun: boolean): Promise<CommentResult>;
}

/** Identifies the comment with the report. A Markdown comment, so people do not see it. */
export const REPORT_MARKER = '<!-- dozlab-report -->';
