/** A closed list that programs can rely on. */
export type ErrorCode =
  | 'invalid-values'
  | 'invalid-project'
  | 'invalid-usage'
  | 'missing-project'
  | 'missing-repository'
  | 'unfit-repository'
  | 'project-exists'
  | 'stale-output'
  | 'stray-file'
  | 'unsafe-path'
  | 'write-failed'
  | 'changed-file'
  | 'unknown-session'
  | 'unknown-cohort'
  | 'session-exists'
  | 'secret-exists'
  | 'invalid-secret'
  | 'invalid-certificate'
  | 'invalid-rootfs'
  | 'unsupported'
  | 'missing-tool'
  | 'failed-tool'
  | 'failed-forge'
  | 'failed-registry';

/** An error for users, without secrets. Other errors are defects of Dozlab. */
export class DozlabError extends Error {
  override readonly name = 'DozlabError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
