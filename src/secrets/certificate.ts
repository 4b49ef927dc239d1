import { X509Certificate, type KeyObject } from 'node:crypto';
import { DozlabError } from '../core/errors';

/** A certificate that passwords are sealed with. */
export interface SealingCertificate {
  readonly publicKey: KeyObject;
  /** SHA-256 of the certificate, in hexadecimal digits. */
  readonly fingerprint: string;
  readonly expires: Date;
}

/** Bits. */
const SHORTEST_KEY = 2048;

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/**
 * Reads the first certificate of a PEM text.
 * @param source where the text is from, for the error
 * @throws DozlabError with code `invalid-certificate` when there is none, or its key is not an RSA key
 */
export function readCertificate(text: string, source: string): SealingCertificate {
  const [pem] = PEM.exec(text) ?? [];
  const refused = (what: string, cause?: unknown): DozlabError =>
    new DozlabError(
      'invalid-certificate',
      `${source} ${what}; accepted: the certificate of the Sealed Secrets controller in PEM form (kubeseal --fetch-cert prints it)`,
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

/** Whether a certificate is past its time: its controller has another one, and need not have kept this one's key. */
export const isExpired = ({ expires }: SealingCertificate, now: Date): boolean => expires <= now;

/** What to say of a certificate that is past its time. */
export const expiredText = ({ expires }: SealingCertificate): string =>
  `expired on ${expires.toISOString().slice(0, 10)}; accepted: the certificate that the controller has now (kubeseal --fetch-cert prints it)`;
