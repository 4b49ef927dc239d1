import { fstatSync } from 'node:fs';
import { read } from 'read';
import { DozlabError } from '../core/errors';
import { maskSecret } from '../core/redact';

const SHORTEST = 8;
const LONGEST = 1024;

const MOST_BYTES = 64 * 1024;

/**
 * Reads standard input, or a prompt that hides the password.
 * @returns undefined for an empty one
 * @throws DozlabError with code `invalid-secret` when it is too short, too long or not one line of text
 */
export async function readPassword(): Promise<string | undefined> {
  if (!process.stdin.isTTY) return checked(await piped());
  const first = await prompt('Password (empty: make one): ');
  if (first !== '' && (await prompt('Again: ')) !== first)
    throw new DozlabError('invalid-secret', 'the passwords differ; nothing was changed');
  return checked(first);
}

const prompt = (text: string): Promise<string> => read({ prompt: text, silent: true, output: process.stderr });

/** A device such as /dev/null is empty. */
async function piped(): Promise<string> {
  if (!isReadable()) return '';
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > MOST_BYTES) break;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks).subarray(0, MOST_BYTES));
  } catch {
    throw new DozlabError('invalid-secret', 'the password on standard input is not text in UTF-8');
  }
}

function isReadable(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    return false;
  }
}

function checked(given: string): string | undefined {
  const password = given.replace(/\r?\n$/, '');
  if (password === '') return undefined;
  maskSecret(password);
  if (password.trim() === '')
    throw new DozlabError('invalid-secret', 'the password is blank; accepted: text with other characters than spaces');
  const { length } = Array.from(password);
  if (/[\x00-\x1f\x7f-\x9f]/.test(password))
    throw new DozlabError(
      'invalid-secret',
      'the password on standard input has several lines or control characters; accepted: text on one line',
    );
  if (/\p{Cf}/u.test(password))
    throw new DozlabError(
      'invalid-secret',
      'the password has invisible characters, which nobody can type; accepted: text that can be seen',
    );
  if (length < SHORTEST || length > LONGEST)
    throw new DozlabError(
      'invalid-secret',
      `the password has ${String(length)} characters; accepted: ${String(SHORTEST)} to ${String(LONGEST)}`,
    );
  return password;
}
