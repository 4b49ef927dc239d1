import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { at } from '@dozlab/charts/schema';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { listField, matching, objectName, section } from '../api/values/fields';
import { DozlabError } from '../core/errors';
import { hasTool, runTool } from '../core/exec';
import { maskSecret } from '../core/redact';
import type { ValueProblem } from '../core/diagnostics';
import type { SecretPlace } from '../model/session';
import {
  ROTATE_FIX,
  PARTS,
  unencryptedValues,
  expected,
  expectedPlace,
  fileProblem,
  unencryptedProblem,
  metadataProblems,
  mutabilityProblems,
  typeProblems,
} from './check-file';
import { madeAt, newPassword } from './password';
import type { SecretProvider, SetContext } from './provider';
import { hasOtherKeys, sopsShapeProblems } from './sops-shape';
import {
  ENCRYPTED_KEYS,
  decryptSecret,
  encryptedSecretText,
  isEncrypted,
  secretManifestText,
  sopsMetadata,
  valueIn,
} from './sops-format';

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

const schema = section({
  age: listField(matching(RECIPIENT, 'an age recipient: age1 and 58 characters', 62))
    .default([])
    .meta({
      description:
        'Age recipients: public keys of the cluster and of people who may open passwords. If empty, the rules of .sops.yaml decide, and the program sops must be installed.',
    }),
  decryptionSecret: objectName()
    .default('sops-age')
    .meta({ description: 'Secret with the key that Flux decrypts with, in the namespace of Flux.' }),
}).meta({ description: 'For the provider sops.' });

const FLUX_NAMESPACE = 'flux-system';

type Settings = z.output<typeof schema>;

export const sops: SecretProvider<Settings> = {
  name: 'sops',
  summary: 'SOPS with age, decrypted by Flux',
  settings: { key: 'sops', schema },
  needsPassword: true,
  file: { kind: 'Secret', check: sopsProblems },
  requirements: ({ settings: { decryptionSecret: name } }) => [
    { kind: 'Secret', name, namespace: FLUX_NAMESPACE, use: 'decrypting passwords' },
  ],
  fluxDecryption: ({ decryptionSecret }) => decryptionSecret,
  async set({ settings: { age: recipients }, place }, given, context) {
    const password = newPassword(given);
    const file =
      recipients.length === 0 || hasTool('sops')
        ? encryptByProgram(password, recipients, place, context)
        : await encryptedSecretText(password, recipients, place, context.now);
    return { file };
  },
  status({ text, isUnreadable, settings }) {
    if (text === undefined) return { state: isUnreadable === true ? 'unreadable' : 'missing' };
    const content: unknown = parseDocument(text).toJS();
    const { lastModified, recipients = [] } = sopsMetadata(content) ?? {};
    const { notFor, alsoFor } = recipientDrift(content, settings);
    return {
      state: 'present',
      ...madeAt(lastModified),
      openedBy: recipients.length === 0 ? 'keys of the program sops' : recipients.map(shownRecipient).join(', '),
      ...(notFor.length === 0 ? {} : { notFor }),
      ...(alsoFor.length === 0 ? {} : { alsoFor }),
    };
  },
  async reveal({ place, text }, { project, environment, readSecret }) {
    if (text === undefined) return readSecret(place);
    const { recipients = [] } = sopsMetadata(parseDocument(text).toJS()) ?? {};
    const password =
      recipients.length === 0
        ? valueIn(decryptByProgram(text, project), place.key)
        : await decryptSecret(text, place.key, ageKeys(environment));
    return maskSecret(password);
  },
};

/** The file may contain anything. */
const shownRecipient = (recipient: string): string => (RECIPIENT.test(recipient) ? recipient : 'an invalid key');

/** Without recipients in the settings, the rules of .sops.yaml decide. */
function recipientDrift(content: unknown, { age }: Settings): Record<'notFor' | 'alsoFor', readonly string[]> {
  const { recipients = [] } = sopsMetadata(content) ?? {};
  if (age.length === 0) return { notFor: [], alsoFor: [] };
  const others = recipients.filter((recipient) => !age.includes(recipient)).map(shownRecipient);
  return {
    notFor: age.filter((recipient) => !recipients.includes(recipient)),
    alsoFor: [...others, ...(hasOtherKeys(content) ? ['keys of the program sops'] : [])],
  };
}

function recipientProblems(content: unknown, settings: Settings): ValueProblem[] {
  const { notFor, alsoFor } = recipientDrift(content, settings);
  const warn = (message: string): ValueProblem => ({
    severity: 'warning',
    code: 'not-for-recipients',
    path: ['sops', 'age'],
    message: `${message}. ${ROTATE_FIX}`,
  });
  const of = 'spec.secrets.sops.age';
  return [
    ...(notFor.length === 0 ? [] : [warn(`is not encrypted for ${notFor.join(', ')} of ${of}: Flux cannot decrypt it with that key`)]), // prettier-ignore
    ...(alsoFor.length === 0 ? [] : [warn(`is encrypted for ${alsoFor.join(', ')} too, which ${of} does not name: the owner of that key can read the password`)]), // prettier-ignore
  ];
}

/** If `recipients` is empty, the rules of .sops.yaml apply. */
function encryptByProgram(
  password: string,
  recipients: readonly string[],
  place: SecretPlace,
  { project, file }: SetContext,
): string {
  // Given recipients override the rules of .sops.yaml.
  const [config, age] =
    recipients.length === 0
      ? [[], []]
      : [
          ['--config', '/dev/null'],
          ['--age', recipients.join(',')],
        ];
  const form = ['--input-type', 'yaml', '--output-type', 'yaml', '--filename-override', file];
  return runTool('sops', 'to encrypt a password', {
    args: [...config, 'encrypt', ...age, '--encrypted-regex', ENCRYPTED_KEYS, ...form],
    input: secretManifestText(password, place),
    cwd: project,
  });
}

/** Returns JSON, in the clear. */
const decryptByProgram = (text: string, project: string): string =>
  runTool('sops', 'to decrypt a password', {
    args: ['decrypt', '--input-type', 'yaml', '--output-type', 'json', '--filename-override', 'secret.yaml'],
    input: text,
    cwd: project,
  });

/** SOPS, "Encrypting using age". */
function ageKeys(environment: NodeJS.ProcessEnv): string[] {
  const { SOPS_AGE_KEY: key, SOPS_AGE_KEY_FILE: file, XDG_CONFIG_HOME: config } = environment;
  const usual = join(config !== undefined && config !== '' ? config : join(homedir(), '.config'), 'sops/age/keys.txt');
  const path = file !== undefined && file !== '' ? file : usual;
  const texts = [key ?? ''];
  if (existsSync(path)) texts.push(readKeys(path));
  else if (file !== undefined && file !== '')
    throw new DozlabError('invalid-secret', `SOPS_AGE_KEY_FILE is ${file}, which does not exist`);
  const found = texts.flatMap((text) => text.split('\n')).map((line) => line.trim());
  // A plugin of the program age opens a key on a device.
  const keys = found.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('AGE-PLUGIN-'));
  for (const each of keys) maskSecret(each);
  if (keys.length === 0)
    throw new DozlabError(
      'invalid-secret',
      `no age key is available. Fix: put one into SOPS_AGE_KEY, into the file that SOPS_AGE_KEY_FILE names, or into ${usual}`,
    );
  return keys;
}

function readKeys(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('invalid-secret', `${path} cannot be read (${code})`, { cause: error });
  }
}

function sopsProblems(content: unknown, place: SecretPlace, settings: Settings): ValueProblem[] {
  if (isEncrypted(at(content, ['kind'])))
    return [
      fileProblem(
        'wrong-value',
        ['kind'],
        'is encrypted, so Flux cannot read what the file is. Fix: encrypt data and stringData only (encrypted_regex)',
      ),
    ];
  const kind = [...expected(content, ['apiVersion'], 'v1'), ...expected(content, ['kind'], 'Secret')];
  if (kind.length > 0) return kind;
  const clear = unencryptedValues(content);
  if (clear.length > 0) return clear.map(unencryptedProblem);
  const found = expectedPlace(content, place);
  const shape = sopsShapeProblems(content);
  found.push(...shape, ...typeProblems(content, []), ...mutabilityProblems(content, []), ...metadataProblems(content));
  if (PARTS.every((part) => at(content, [part, place.key]) === undefined))
    found.push(
      fileProblem('missing', ['stringData', place.key], `is missing: the session reads this key. ${ROTATE_FIX}`),
    );
  return shape.length > 0 ? found : [...found, ...recipientProblems(content, settings)];
}
