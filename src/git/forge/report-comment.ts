import { DozlabError } from '../../core/errors';
import type { KeptComment } from './forge';
import type { Request } from './request';

/** What the comment is found again by; nobody sees it. */
export const MARKER = '<!-- dozlab-report -->';

/**
 * Writes a report as a comment on a request, or puts it in place of the one that is there.
 * @param dryRun whether to look only
 * @throws DozlabError with code `invalid-values` when it is empty or too long, and `failed-forge` when the service refuses it
 */
export async function keepReport({ forge, number }: Request, markdown: string, dryRun: boolean): Promise<KeptComment> {
  if (markdown.trim() === '') throw new DozlabError('invalid-values', 'the report is empty: nothing was written');
  const body = markdown.includes(MARKER) ? markdown : `${MARKER}\n${markdown}`;
  const { length } = Array.from(body);
  if (length > forge.longestComment)
    throw new DozlabError(
      'invalid-values',
      `the report has ${String(length)} characters; accepted: at most ${String(forge.longestComment)} in a comment on a ${forge.noun}`,
    );
  return await forge.keepComment(number, body, MARKER, dryRun);
}
