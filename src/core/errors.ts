/** What went wrong, as a closed list that programs and tests can rely on. */
export type ErrorCode =
  | 'invalid-values'
  | 'invalid-project'
  | 'invalid-usage'
  | 'missing-project'
  | 'missing-repository'
  | 'unfit-repository'
  | 'project-exists'
  | 'stale-output'
  | 'unsafe-path'
  | 'write-failed'
  | 'changed-file'
  | 'unknown-session'
  | 'unknown-cohort'
  | 'session-exists'
  | 'secret-exists'
  | 'invalid-secret'
  | 'invalid-certificate'
  | 'unsupported'
  | 'missing-tool'
  | 'failed-tool'
  | 'failed-forge'
  | 'failed-registry';

/**
 * An error meant for the person who reads it: the message says what is wrong and what to do, and never holds a secret.
 * Errors without this class are defects of the program.
 */
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
