import { DozlabError } from '../core/errors';
import { readCertificate, type SealingCertificate } from './certificate';
import type { Problem } from '../core/diagnostics';
import { ProjectFolder } from '../source/folder-source';

const TIME_LIMIT = 15_000;
const LARGEST_CERTIFICATE = 64 * 1024;

export const isAddress = (source: string): boolean => /^https?:\/\//.test(source);

/** How errors name a source: a URL may hold what is not to be shown. */
export const shownSource = (source: string): string => (isAddress(source) ? 'the certificate at the URL' : source);

/**
 * Gets the certificate that passwords are sealed with.
 * @param source a path in the project, or an https or http URL
 * @throws DozlabError with code `invalid-certificate` when it cannot be read, or is none
 */
export async function fetchCertificate(source: string, project: string): Promise<SealingCertificate> {
  const text = isAddress(source) ? await textAt(source) : textIn(source, project);
  return readCertificate(text, shownSource(source));
}

/** The text of a file in the project. */
export function textIn(path: string, project: string): string {
  const problems: Problem[] = [];
  const text = new ProjectFolder(project).text(path, problems);
  if (text !== undefined) return text;
  const [problem] = problems;
  const why = problem?.code === 'outside-project' ? 'is outside the project' : (problem?.message ?? 'is not there');
  throw new DozlabError('invalid-certificate', `${path} ${why}; accepted: the path of a file in the project, or a URL`);
}

async function textAt(address: string): Promise<string> {
  // Without what may be a credential.
  const { origin, pathname } = URL.canParse(address) ? new URL(address) : { origin: 'the URL', pathname: '' };
  const shown = origin + pathname;
  const refused = (why: string, cause?: unknown): DozlabError =>
    new DozlabError('invalid-certificate', `${shown} ${why}`, { cause });
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(TIME_LIMIT) });
    text = await response.text();
  } catch (error) {
    const { cause, name } = error as Error & { cause?: { code?: string } };
    throw refused(`cannot be reached (${cause?.code ?? name})`, error);
  }
  if (!response.ok) throw refused(`answers ${String(response.status)}`);
  if (text.length > LARGEST_CERTIFICATE) throw refused('is too large for a certificate');
  return text;
}
