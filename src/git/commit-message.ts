import { withoutSecrets } from '../core/redact';
import type { Change } from '../source/changes';

/** `subject` is also the title of a request. */
export interface CommitMessage {
  readonly subject: string;
  /** Empty without details. */
  readonly body: string;
}

/** GitHub and GitLab refuse titles of more than 255 characters. */
const LONGEST_SUBJECT = 120;

/**
 * Servers act on parts of a message: `@name` notifies, `#1`, `!1`, `GH-1` and addresses link and close, `[skip ci]` and
 * `***NO_CI***` stop checks, `/close` is a command, `fixup!` and `Name: value` mean something to git. Only plain
 * characters remain, so that no name in a file can become one of these.
 */
export function commitMessage({ summary, details = '' }: Pick<Change, 'summary' | 'details'>): CommitMessage {
  const line = plainLine(summary);
  const isLong = line.length > LONGEST_SUBJECT;
  const subject = isLong ? `${line.slice(0, LONGEST_SUBJECT).replace(/ [^ ]*$/, '')} ...` : line;
  return { subject, body: [...(isLong ? [line] : []), plainLine(details)].join('\n').trim() };
}

/** Spaces come before words, because they may separate words after a character is removed. */
const plainLine = (text: string): string =>
  withoutSecrets(text)
    .replaceAll(/[^A-Za-z0-9 .,:;()/_-]+/g, ' ')
    .replaceAll(/:\/\/+/g, ' ')
    .replaceAll(/(^|[\s(])\/+/g, '$1')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/(?<![A-Za-z0-9])GH-(?=\d)/gi, 'GH ')
    .replaceAll(
      /(?<![A-Za-z0-9])(skip|no|ci)[-_ ](?=(ci|skip|checks?|netlify|travis|actions?|pipelines?|build|deploy)(?![A-Za-z0-9]))/gi,
      '$1, ',
    )
    .trim();
