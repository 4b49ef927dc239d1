import { X509Certificate, type KeyObject } from 'node:crypto';
import { DozlabError } from '../core/errors';
import type { ReadFile } from './provider';

export interface SealingCertificate {
  readonly publicKey: KeyObject;
  /** Hexadecimal SHA-256. */
  readonly fingerprint: string;
  readonly expires: Date;
}

/** Bits. */
const SHORTEST_KEY = 2048;

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/**
 * Reads the first certificate of a PEM text.
 * @throws DozlabError with code `invalid-certificate` if there is none, or its key is not RSA
 */
export function readCertificate(text: string, source: string): SealingCertificate {
  const [pem] = PEM.exec(text) ?? [];
  const refused = (what: string, cause?: unknown): DozlabError =>
    new DozlabError(
      'invalid-certificate',
      `${source} ${what}. Fix: use the certificate of the Sealed Secrets controller in PEM form (kubeseal --fetch-cert prints it)`,
      { cause },
    );
  if (text.includes('PRIVATE KEY')) throw refused('holds a private key, which must not be in a project');
  if (pem === undefined) throw refused('holds no certificate');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw refused('holds a certificate that cannot be read', error);
  }
  const { publicKey } = certificate;
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type !== 'rsa' || (details?.modulusLength ?? 0) < SHORTEST_KEY)
    throw refused(`holds a certificate whose key is not an RSA key of at least ${String(SHORTEST_KEY)} bits`);
  return {
    publicKey,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    expires: new Date(certificate.validTo),
  };
}

/** The controller may have lost the key of an expired certificate. */
export const isExpired = ({ expires }: SealingCertificate, now: Date): boolean => expires <= now;

export const expiredText = ({ expires }: SealingCertificate): string =>
  `expired on ${expires.toISOString().slice(0, 10)}. Fix: use the controller's current certificate (kubeseal --fetch-cert prints it)`;

const TIME_LIMIT = 15_000;
const LARGEST_CERTIFICATE = 64 * 1024;

export const isAddress = (source: string): boolean => /^https?:\/\//.test(source);

/** A URL may contain a credential. */
export const shownSource = (source: string): string => (isAddress(source) ? 'the certificate at the URL' : source);

/** @throws DozlabError with code `invalid-certificate` */
export async function fetchCertificate(source: string, read: ReadFile): Promise<SealingCertificate> {
  return isAddress(source) ? readCertificate(await textAt(source), shownSource(source)) : certificateFile(source, read);
}

/** @throws DozlabError with code `invalid-certificate` */
export function certificateFile(path: string, read: ReadFile): SealingCertificate {
  const found = read(path);
  if ('fault' in found)
    throw new DozlabError(
      'invalid-certificate',
      `${path} ${found.fault}. Fix: use the path of a file in the project, or a URL`,
    );
  return readCertificate(found.text, path);
}

async function textAt(address: string): Promise<string> {
  // Omits what may be a credential.
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
