export interface Proposal {
  readonly title: string;
  readonly branch: string;
  readonly base: string;
}

export interface CommentResult {
  /** Empty after a dry run without a comment. */
  readonly url: string;
  readonly change: 'created' | 'changed' | 'unchanged';
}

/** Methods throw DozlabError with code `failed-forge`. */
export interface Forge {
  /** `pull request` or `merge request`. */
  readonly noun: string;
  /** Characters. */
  readonly maxCommentLength: number;
  /** The token can read the repository. */
  check(): Promise<void>;
  /** Or finds the open one. */
  open(proposal: Proposal): Promise<{ readonly url: string; readonly wasOpen: boolean }>;
  /** Changes only our own comment. */
  upsertComment(number: number, body: string, marker: string, dryRun: boolean): Promise<CommentResult>;
}

/** Markdown hides it. */
export const REPORT_MARKER = '<!-- dozlab-report -->';
