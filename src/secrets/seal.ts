import {
  constants,
  createCipheriv,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { DozlabError } from '../core/errors';
import { type Manifest, toYaml } from '@dozlab/charts/yaml';
import { at } from '@dozlab/charts/schema';
import type { SealingCertificate } from './certificate';
import type { SecretPlace } from '../model/session';
import { MADE_AT, secretLabels } from './password';

/** How far a SealedSecret may move and still open (Sealed Secrets, "Scopes"). */
export const SCOPES = ['strict', 'namespace-wide', 'cluster-wide'] as const;

export type Scope = (typeof SCOPES)[number];

/**
 * The form of sealed values (Sealed Secrets, "Crypto"): two bytes with the length of the next part (big endian); a random key of 32 bytes,
 * encrypted with RSA-OAEP, SHA-256 and a label; the value, encrypted with that key and AES-256-GCM. Each key is used once, so the nonce is zero.
 */

const CIPHER = 'aes-256-gcm';
const NONCE = Buffer.alloc(12);
const TAG_LENGTH = 16;

/** Binds a value to its place. */
const labelOf = (scope: Scope, { namespace, name }: Pick<SecretPlace, 'namespace' | 'name'>): Buffer =>
  Buffer.from(scope === 'strict' ? `${namespace}/${name}` : scope === 'namespace-wide' ? namespace : '');

const padding = (label: Buffer) => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
  oaepLabel: label,
});

/**
 * Seals a value as kubeseal does.
 * @returns base64
 */
export function seal(
  value: string,
  publicKey: KeyObject,
  scope: Scope,
  place: Pick<SecretPlace, 'namespace' | 'name'>,
): string {
  const key = randomBytes(32);
  const sealedKey = publicEncrypt({ key: publicKey, ...padding(labelOf(scope, place)) }, key);
  const cipher = createCipheriv(CIPHER, key, NONCE);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(sealedKey.length);
  const sealed = [cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([length, sealedKey, ...sealed]).toString('base64');
}

/**
 * Opens a value that `seal` or kubeseal sealed.
 * @throws DozlabError with code `invalid-secret` for another key or place
 */
export function unseal(
  sealed: string,
  privateKey: KeyObject,
  scope: Scope,
  place: Pick<SecretPlace, 'namespace' | 'name'>,
): string {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const start = 2 + bytes.readUInt16BE();
    const key = privateDecrypt({ key: privateKey, ...padding(labelOf(scope, place)) }, bytes.subarray(2, start));
    const decipher = createDecipheriv(CIPHER, key, NONCE, { authTagLength: TAG_LENGTH });
    decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
    return Buffer.concat([decipher.update(bytes.subarray(start, -TAG_LENGTH)), decipher.final()]).toString('utf8');
  } catch {
    // The system's message may contain bytes of the text.
    throw new DozlabError(
      'invalid-secret',
      `the value does not open as the Secret ${place.name} in the namespace ${place.namespace}: it was sealed for another key, name or namespace`,
    );
  }
}

/** Bytes of the RSA part, for keys of 2048 bits and more. */
const SHORTEST_KEY_PART = 256;

/** Whether base64 has the form of a sealed value; whether it opens, only the private key shows. */
export function isSealed(sealed: string): boolean {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < 2) return false;
  const length = bytes.readUInt16BE();
  return length >= SHORTEST_KEY_PART && bytes.length > 2 + length + TAG_LENGTH;
}

export const SEALED_SECRET_VERSION = 'bitnami.com/v1alpha1';

const scopeAnnotation = (scope: Scope): Record<string, string> =>
  scope === 'strict' ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' };

export const SEALED_WITH = 'dozlab.io/sealed-with';

export function sealedSecretText(
  password: string,
  certificate: SealingCertificate,
  scope: Scope,
  place: SecretPlace,
  madeAt: Date,
): string {
  const { name, namespace, key } = place;
  const labels = secretLabels(place);
  const annotations = {
    ...scopeAnnotation(scope),
    [MADE_AT]: madeAt.toISOString(),
    [SEALED_WITH]: certificate.fingerprint,
  };
  const metadata = { name, namespace, labels, annotations };
  const manifest: Manifest = {
    apiVersion: SEALED_SECRET_VERSION,
    kind: 'SealedSecret',
    metadata,
    spec: {
      encryptedData: { [key]: seal(password, certificate.publicKey, scope, place) },
      template: {
        metadata: { name, namespace, labels, annotations: scopeAnnotation(scope) },
        type: 'Opaque',
      },
    },
  };
  return toYaml([manifest]);
}

/** The controller ignores annotations of the template. */
export function scopeOf(manifest: unknown): Scope {
  const isOn = (scope: Scope): boolean =>
    at(manifest, ['metadata', 'annotations', `sealedsecrets.bitnami.com/${scope}`]) === 'true';
  return isOn('cluster-wide') ? 'cluster-wide' : isOn('namespace-wide') ? 'namespace-wide' : 'strict';
}
