import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { oneLine, oneOf, section, webAddress } from '../api/values/fields';
import { WRITE } from '../constructs/namespace/namespace-role';
import { DozlabError } from '../core/errors';
import { maskSecret } from '../core/redact';
import type { ValueProblem } from '../core/diagnostics';
import type { SecretPlace } from '../model/session';
import { certificateFile, expiredText, fetchCertificate, isAddress, isExpired, shownSource } from './certificate';
import {
  ROTATE_FIX,
  unencryptedProblems,
  copiesIn,
  expected,
  expectedPlace,
  fileProblem,
  unencryptedProblem,
  metadataProblems,
  mutabilityProblems,
  typeProblems,
} from './check-file';
import { MADE_AT, madeAt, newPassword } from './password';
import type { SecretProvider } from './provider';
import {
  isSealed,
  type Scope,
  SCOPES,
  SEALED_SECRET_VERSION,
  SEALED_WITH,
  scopeOf,
  sealedSecretText,
  unseal,
} from './seal';

const CERTIFICATE_FORM =
  'a path in the project, or an https or http URL without credentials, of the certificate of the controller';

const schema = section({
  certificate: oneLine(2048, CERTIFICATE_FORM)
    .refine((source) => !source.includes('://') || webAddress().safeParse(source).success, { error: CERTIFICATE_FORM })
    .optional()
    .meta({
      description:
        'Certificate that seals passwords: a path in the project or a URL (kubeseal --fetch-cert prints it).',
    }),
  scope: oneOf(...SCOPES)
    .default('strict')
    .meta({ description: 'Where a sealed password opens: under its own name, in its namespace, or anywhere.' }),
}).meta({ description: 'For the provider sealed-secrets.' });

const KIND = 'SealedSecret';

export const sealedSecrets: SecretProvider<z.output<typeof schema>> = {
  name: 'sealed-secrets',
  summary: 'Sealed Secrets',
  settings: { key: 'sealedSecrets', schema },
  needsPassword: true,
  file: { kind: KIND, payload: 'encryptedData', check: sealedSecretProblems },
  permissions: [
    {
      apiGroup: 'bitnami.com',
      resources: ['sealedsecrets'],
      verbs: WRITE,
      purpose: 'apply and remove sealed passwords',
    },
  ],
  kinds: [{ group: 'bitnami.com', kind: KIND }],
  checkSources({ certificate: source }, read, now) {
    // Only commands that seal a password use the network.
    if (source === undefined || isAddress(source)) return [];
    const refuse = (message: string): ValueProblem[] => [
      fileProblem('wrong-value', ['sealedSecrets', 'certificate'], message),
    ];
    try {
      const certificate = certificateFile(source, read);
      return isExpired(certificate, now) ? refuse(`names a certificate that ${expiredText(certificate)}`) : [];
    } catch (error) {
      if (error instanceof DozlabError) return refuse(`is not a certificate: ${error.message}`);
      throw error;
    }
  },
  requirements: () => [
    {
      kind: 'CustomResourceDefinition',
      name: 'sealedsecrets.bitnami.com',
      use: 'passwords, with the controller of Sealed Secrets',
    },
  ],
  async set({ settings: { certificate: source, scope }, place }, given, { read, now }) {
    if (source === undefined)
      throw new DozlabError(
        'invalid-certificate',
        'spec.secrets.sealedSecrets.certificate is missing. Fix: set it in dozlab.yaml or the cohort, to a path in the project or a URL',
      );
    const certificate = await fetchCertificate(source, read);
    if (isExpired(certificate, now))
      throw new DozlabError('invalid-certificate', `${shownSource(source)} ${expiredText(certificate)}`);
    return { file: sealedSecretText(newPassword(given), certificate, scope, place, now) };
  },
  status({ text, isUnreadable }) {
    if (text === undefined) return { state: isUnreadable === true ? 'unreadable' : 'missing' };
    const content: unknown = parseDocument(text).toJS();
    const annotation = (name: string): unknown => at(content, ['metadata', 'annotations', name]);
    const certificate = annotation(SEALED_WITH);
    // A file may contain anything, so only hexadecimal digits are shown.
    const shown =
      typeof certificate === 'string' && /^[0-9a-f]{64}$/.test(certificate) ? certificate.slice(0, 16) : 'unknown';
    return {
      state: 'present',
      ...madeAt(annotation(MADE_AT)),
      openedBy: `${scopeOf(content)}, certificate ${shown}`,
    };
  },
  privateKey: 'the private key of the Sealed Secrets controller',
  reveal({ place, text }, { privateKey, readSecret }) {
    if (privateKey === undefined || text === undefined) return readSecret(place);
    const content: unknown = parseDocument(text).toJS();
    const sealed = String(at(content, ['spec', 'encryptedData', place.key]));
    return maskSecret(unseal(sealed, readPrivateKey(privateKey), scopeOf(content), place));
  },
};

function readPrivateKey(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path, 'utf8'));
  } catch {
    // The system's message may quote the key.
    throw new DozlabError('invalid-secret', `${path} is not a readable private key in PEM form`);
  }
}

const SEALED = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function sealedSecretProblems(
  content: unknown,
  place: SecretPlace,
  { scope }: { readonly scope: Scope },
): ValueProblem[] {
  const clear = unencryptedProblems(content);
  if (clear.length > 0) return clear;
  const kind = [...expected(content, ['apiVersion'], SEALED_SECRET_VERSION), ...expected(content, ['kind'], KIND)];
  if (kind.length > 0) return kind;
  const surplus = surplusParts(content);
  if (surplus.length > 0) return surplus.map(unencryptedProblem);
  const path = ['spec', 'encryptedData', place.key];
  const sealed = at(content, path);
  const found = expectedPlace(content, place);
  if (sealed === undefined)
    found.push(fileProblem('missing', path, `is missing: the session reads this key. ${ROTATE_FIX}`));
  else if (typeof sealed !== 'string' || !SEALED.test(sealed) || !isSealed(sealed))
    found.push(fileProblem('wrong-value', path, `is not a sealed value. ${ROTATE_FIX}`));
  const template = ['spec', 'template'];
  const shape = [...typeProblems(content, template), ...mutabilityProblems(content, template)];
  const metadata = [...metadataProblems(content), ...metadataProblems(content, template)];
  return [...found, ...shape, ...metadata, ...clearTemplates(content), ...scopeProblems(content, scope)];
}

/** A file that may move further than the settings say opens under another name, in another session. */
function scopeProblems(content: unknown, scope: Scope): ValueProblem[] {
  const given = scopeOf(content);
  if (given === scope) return [];
  const message = `is sealed ${given}, but spec.secrets.sealedSecrets.scope is ${scope}. ${ROTATE_FIX}`;
  return [{ severity: 'warning', code: 'wrong-value', path: ['metadata', 'annotations'], message }];
}

/** Other keys may hold a value in the clear. */
const SEALED_PARTS: readonly (readonly [path: Path, keys: readonly string[]])[] = [
  [[], ['apiVersion', 'kind', 'metadata', 'spec', 'status']],
  [['spec'], ['encryptedData', 'template']],
  [
    ['spec', 'template'],
    ['metadata', 'type', 'immutable', 'data'],
  ],
];

function surplusParts(content: unknown): Path[] {
  const others = SEALED_PARTS.flatMap(([path, keys]) => {
    const part = at(content, path);
    return Object.keys(isMapping(part) ? part : {})
      .filter((key) => !keys.includes(key))
      .map((key) => [...path, key]);
  });
  return [...copiesIn(content), ...others];
}

/** Sealed Secrets, "templates". */
function clearTemplates(content: unknown): ValueProblem[] {
  const path = ['spec', 'template', 'data'];
  const templates = at(content, path);
  return Object.entries(isMapping(templates) ? templates : {})
    .filter(([, template]) => typeof template !== 'string' || !template.includes('{{'))
    .map(([key]) => unencryptedProblem([...path, key]));
}
