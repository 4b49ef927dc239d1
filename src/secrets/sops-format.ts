import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Document, Scalar, isMap, isScalar, isSeq, parseDocument, stringify, visit } from 'yaml';
import { DozlabError } from '../core/errors';
import { at, isMapping } from '@dozlab/charts/schema';
import { decryptWithIdentities, encryptToRecipients } from './age';
import type { SecretPlace } from '../model/session';
import { secretLabels } from './password';

/**
 * SOPS, "Encryption Protocol", with AES-256-GCM and the path as additional data.
 * A code over all values detects changes.
 */

const FORMAT = '3.9.0';

/** Flux must read the other keys. */
export const ENCRYPTED_KEYS = '^(data|stringData)$';

const CIPHER = 'aes-256-gcm';
const NONCE_LENGTH = 32;
const ENCRYPTED = /^ENC\[AES256_GCM,data:(.*),iv:(.+),tag:(.+),type:(\w+)\]$/s;

export const isEncrypted = (value: unknown): boolean => typeof value === 'string' && ENCRYPTED.test(value);

export function encryptedParts(value: unknown): Readonly<Record<'data' | 'iv' | 'tag' | 'type', string>> | undefined {
  const [, data, iv, tag, type] = (typeof value === 'string' ? ENCRYPTED.exec(value) : null) ?? [];
  return data === undefined || iv === undefined || tag === undefined || type === undefined
    ? undefined
    : { data, iv, tag, type };
}

function encrypt(text: string, key: Uint8Array, additional: string): string {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(additional));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const [shownData, iv, tag] = [data, nonce, cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return `ENC[AES256_GCM,data:${shownData ?? ''},iv:${iv ?? ''},tag:${tag ?? ''},type:str]`;
}

function decrypt(text: string, key: Uint8Array, additional: string): string {
  const [data, nonce, tag] = (ENCRYPTED.exec(text) ?? []).slice(1, 4).map((part) => Buffer.from(part, 'base64'));
  try {
    if (data === undefined || nonce === undefined || tag === undefined) throw new Error('not encrypted');
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(additional));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    throw new DozlabError('invalid-secret', `the value at ${additional} was changed after it was encrypted`);
  }
}

const codeOver = (values: readonly (string | Uint8Array)[]): string =>
  values
    .reduce((hash, value) => hash.update(value), createHash('sha512'))
    .digest('hex')
    .toUpperCase();

/** Marks a code over encrypted values only. */
const ONLY_ENCRYPTED = createHash('sha256').update('sops').digest();

/** @throws DozlabError with code `invalid-secret` if a recipient is malformed */
export async function encryptedSecretText(
  password: string,
  recipients: readonly string[],
  place: SecretPlace,
  madeAt: Date,
): Promise<string> {
  const fileKey = randomBytes(32);
  const manifest = secretManifest(password, place);
  const values = leavesOf(parseDocument(stringify(manifest)).contents).map(({ text }) => text);
  const lastmodified = madeAt.toISOString().replace(/\.\d+Z$/, 'Z');
  const age = [];
  for (const recipient of recipients) age.push({ recipient, enc: await encryptToRecipients(fileKey, [recipient]) });
  const encrypted = {
    ...manifest,
    stringData: { [place.key]: encrypt(password, fileKey, `stringData:${place.key}:`) },
    sops: {
      age,
      lastmodified,
      mac: encrypt(codeOver(values), fileKey, lastmodified),
      encrypted_regex: ENCRYPTED_KEYS,
      version: FORMAT,
    },
  };
  return yamlText(encrypted);
}

/** In the clear: only for the standard input of sops. */
const secretManifest = (password: string, place: SecretPlace) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: place.name, namespace: place.namespace, labels: secretLabels(place) },
  stringData: { [place.key]: password },
  type: 'Opaque',
});

export const secretManifestText = (password: string, place: SecretPlace): string =>
  yamlText(secretManifest(password, place));

/** Quotes strings for all YAML readers. */
function yamlText(content: unknown): string {
  const document = new Document(content, { version: '1.2', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(key, scalar) {
      if (key !== 'key' && typeof scalar.value === 'string')
        scalar.type = scalar.value.includes('\n') ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}

interface Leaf {
  /** Omits list indexes, like SOPS. */
  readonly path: readonly string[];
  readonly text: string;
}

/** Omits the metadata of SOPS. */
function leavesOf(node: unknown, path: readonly string[] = []): Leaf[] {
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => {
      const name = String(isScalar(key) ? key.value : key);
      return path.length === 0 && name === 'sops' ? [] : leavesOf(value, [...path, name]);
    });
  }
  if (isSeq(node)) return node.items.flatMap((item) => leavesOf(item, path));
  if (!isScalar<string | number | boolean | null>(node) || node.value === null) return [];
  const { value } = node;
  return [{ path, text: typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value) }];
}

export interface SopsMetadata {
  readonly lastModified?: string;
  readonly recipients: readonly string[];
}

export function sopsMetadata(content: unknown): SopsMetadata | undefined {
  const sops = at(content, ['sops']);
  if (!isMapping(sops)) return undefined;
  const { age, lastmodified } = sops;
  const recipients = (Array.isArray(age) ? age : []).map((entry) => at(entry, ['recipient']));
  return {
    recipients: recipients.filter((recipient) => typeof recipient === 'string'),
    ...(typeof lastmodified === 'string' ? { lastModified: lastmodified } : {}),
  };
}

/** @throws DozlabError with code `invalid-secret` if no identity opens it, it was changed, or the key is missing */
export async function decryptSecret(text: string, key: string, identities: readonly string[]): Promise<string> {
  const document = parseDocument(text);
  const content: unknown = document.toJS();
  const fileKey = await fileKeyOf(content, identities);
  const leaves = leavesOf(document.contents).map((leaf) => ({
    ...leaf,
    isEncrypted: isEncrypted(leaf.text),
    value: isEncrypted(leaf.text) ? decrypt(leaf.text, fileKey, `${leaf.path.join(':')}:`) : leaf.text,
  }));
  const { mac, lastmodified, mac_only_encrypted: isOverEncrypted } = at(content, ['sops']) as Record<string, unknown>;
  const covered =
    isOverEncrypted === true
      ? [ONLY_ENCRYPTED, ...leaves.filter((leaf) => leaf.isEncrypted).map(({ value }) => value)]
      : leaves.map(({ value }) => value);
  if (decrypt(String(mac), fileKey, String(lastmodified)) !== codeOver(covered))
    throw new DozlabError('invalid-secret', 'the file was changed by hand after it was encrypted');
  const find = (part: string) =>
    leaves.find(({ path }) => path.length === 2 && path[0] === part && path[1] === key)?.value;
  return valueOf(find('stringData'), find('data'), key);
}

/** @param text decrypted JSON */
export function valueIn(text: string, key: string): string {
  const secret: unknown = JSON.parse(text);
  const find = (part: string): string | undefined => {
    const value = at(secret, [part, key]);
    return typeof value === 'string' ? value : undefined;
  };
  return valueOf(find('stringData'), find('data'), key);
}

function valueOf(plain: string | undefined, encoded: string | undefined, key: string): string {
  if (plain !== undefined) return plain;
  if (encoded === undefined) throw new DozlabError('invalid-secret', `the Secret has no key ${key}`);
  return Buffer.from(encoded, 'base64').toString('utf8');
}

async function fileKeyOf(content: unknown, identities: readonly string[]): Promise<Uint8Array> {
  const entries = at(content, ['sops', 'age']);
  for (const entry of Array.isArray(entries) ? entries : []) {
    const armored = at(entry, ['enc']);
    const key = typeof armored === 'string' ? await decryptWithIdentities(armored, identities) : undefined;
    if (key !== undefined) return key;
  }
  const { recipients = [] } = sopsMetadata(content) ?? {};
  throw new DozlabError(
    'invalid-secret',
    `no available key opens the Secret: it is encrypted for ${recipients.length === 0 ? 'no age key' : recipients.join(', ')}`,
  );
}
