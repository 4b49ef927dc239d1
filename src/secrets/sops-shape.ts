import { at, isMapping, type Path } from '@dozlab/charts/schema';
import type { ValueProblem } from '../core/diagnostics';
import { dateTime } from '../api/values/fields';
import { isAgeFile } from './age';
import { fileProblem, ROTATE_FIX } from './check-file';
import { encryptedParts, isEncrypted } from './sops-format';

/** What Flux needs to decrypt a file (SOPS, "Encryption Protocol"). No message shows a value. */

const SOPS: Path = ['sops'];

export const sopsShapeProblems = (content: unknown): ValueProblem[] => {
  const sops = at(content, SOPS);
  if (!isMapping(sops)) return [fileProblem('missing', SOPS, `is missing, so nothing can be decrypted. ${ROTATE_FIX}`)];
  return [
    ...fieldProblems(sops),
    ...ruleProblems(content, sops),
    ...valueProblems(content),
    ...codeProblems(sops),
    ...keyProblems(sops),
  ];
};

/** One of them decides which values are encrypted; without any, all are. */
const RULES = ['encrypted_regex', 'unencrypted_regex', 'encrypted_suffix', 'unencrypted_suffix'];
const COMMENT_RULES = ['encrypted_comment_regex', 'unencrypted_comment_regex'];

/** Other patterns mean different things in Go and JavaScript. */
const WORDS = /^\^(?:\(([-\w.|]+)\)|([-\w.]+))\$$/;

function ruleProblems(content: unknown, sops: object): ValueProblem[] {
  const given = Object.entries(sops).filter(
    ([key, value]) => [...RULES, ...COMMENT_RULES].includes(key) && value !== '' && value !== null,
  );
  const refused = (key: string, message: string): ValueProblem[] => [
    fileProblem('wrong-value', [...SOPS, key], `${message}. ${ROTATE_FIX}`),
  ];
  const [first, other] = given;
  const isSelected = selectionBy(first);
  const key = first?.[0] ?? 'encrypted_regex';
  if (other !== undefined) return refused(other[0], `is there beside ${key}: SOPS refuses two rules`);
  if (isSelected === undefined)
    return refused(key, 'is a rule that cannot be checked; accepted: encrypted_regex: ^(data|stringData)$');
  for (const { path, text } of textsIn(content)) {
    const name = path.join('.');
    if (isEncrypted(text) && !isSelected(path))
      return refused(key, `leaves ${name} as it is: the cluster would get the encrypted text as the password`);
    if (!isEncrypted(text) && isSelected(path))
      return refused(key, `covers ${name}, which is not encrypted: Flux cannot decrypt the file`);
  }
  return [];
}

function selectionBy(rule: readonly [string, unknown] | undefined): ((path: readonly string[]) => boolean) | undefined {
  if (rule === undefined) return () => true;
  const [key, value] = rule;
  if (typeof value !== 'string') return undefined;
  const isReversed = key.startsWith('unencrypted');
  if (key.endsWith('_suffix')) return (path) => path.some((part) => part.endsWith(value)) !== isReversed;
  const [, several, one] = WORDS.exec(value) ?? [];
  const words = (several ?? one)?.split('|');
  if (words === undefined || !RULES.includes(key)) return undefined;
  // A dot stands for any character.
  const isWord = (part: string): boolean =>
    words.some((word) => word.length === part.length && Array.from(word).every((c, i) => c === '.' || c === part[i]));
  return (path) => path.some(isWord) !== isReversed;
}

interface Text {
  readonly path: readonly string[];
  readonly text: unknown;
}

/** SOPS leaves null and empty text as they are, and counts no positions in lists. */
function textsIn(content: unknown, path: readonly string[] = []): Text[] {
  if (Array.isArray(content)) return content.flatMap((item) => textsIn(item, path));
  if (!isMapping(content)) return content === null || content === '' ? [] : [{ path, text: content }];
  return Object.entries(content).flatMap(([key, value]) =>
    path.length === 0 && key === 'sops' ? [] : textsIn(value, [...path, key]),
  );
}

const valueProblems = (content: unknown): ValueProblem[] =>
  textsIn(content)
    .filter(({ text }) => isEncrypted(text) && !isWhole(text, ['str']))
    .map(({ path }) =>
      fileProblem('wrong-value', path, `is an encrypted value that was changed or cut off. ${ROTATE_FIX}`),
    );

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes. */
const [SHORTEST_NONCE, TAG] = [12, 16];

function isWhole(value: unknown, types: readonly string[]): boolean {
  const { data, iv, tag, type } = encryptedParts(value) ?? {};
  if (data === undefined || iv === undefined || tag === undefined || type === undefined) return false;
  const size = (text: string): number => Buffer.from(text, 'base64').length;
  return (
    data !== '' &&
    [data, iv, tag].every((part) => BASE64.test(part)) &&
    size(iv) >= SHORTEST_NONCE &&
    size(tag) === TAG &&
    types.includes(type)
  );
}

/** RFC 3339. */
const isTime = (time: unknown): boolean =>
  typeof time === 'string' && TIME.test(time) && dateTime().safeParse(time).success;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function codeProblems(sops: object): ValueProblem[] {
  const { mac, lastmodified: time, version } = sops as Record<string, unknown>;
  const problem = (key: string, isMissing: boolean, what: string): ValueProblem =>
    fileProblem(isMissing ? 'missing' : 'wrong-value', [...SOPS, key], `${what}. ${ROTATE_FIX}`);
  return [
    ...(isWhole(mac, ['str']) ? [] : [problem('mac', mac === undefined, 'is no code over the values: Flux cannot tell whether the file was changed, and refuses it')]), // prettier-ignore
    ...(isTime(time) ? [] : [problem('lastmodified', time === undefined, 'is no time such as 2026-01-31T12:00:00Z, by which the code over the values is decrypted')]), // prettier-ignore
    ...(typeof version === 'string' && /^\d+\.\d+\.\d+/.test(version) ? [] : [problem('version', version === undefined, 'is no version such as 3.9.0, without which the program sops refuses the file')]), // prettier-ignore
  ];
}

/** Keys of clouds, Vault and PGP, which only the program sops reads. */
const OTHER_KEYS = ['kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms', 'pgp', 'key_groups'];

export const hasOtherKeys = (content: unknown): boolean =>
  OTHER_KEYS.some((key) => {
    const entries = at(content, [...SOPS, key]);
    return Array.isArray(entries) && entries.length > 0;
  });

/** With another type in one field, the program sops reads none (SOPS, stores.Metadata). */
const TYPES: readonly (readonly [keys: readonly string[], accepted: string, is: (value: unknown) => boolean])[] = [
  [['age', ...OTHER_KEYS], 'a list', Array.isArray],
  [[...RULES, ...COMMENT_RULES], 'text', (value) => typeof value === 'string'],
  [['mac_only_encrypted'], 'true or false', (value) => typeof value === 'boolean'],
  [['shamir_threshold'], 'a whole number', Number.isInteger],
];

const fieldProblems = (sops: object): ValueProblem[] =>
  TYPES.flatMap(
    ([keys, accepted, is]) =>
    Object.entries(sops)
      .filter(([key, value]) => keys.includes(key) && value !== null && !is(value))
      .map(([key]) => fileProblem('wrong-value', [...SOPS, key], `is no value that SOPS reads; accepted: ${accepted}. ${ROTATE_FIX}`)), // prettier-ignore
  ).concat(
    OTHER_KEYS.filter((key) => key !== 'key_groups').flatMap((key) => {
      const entries = at(sops, [key]);
      return (Array.isArray(entries) ? entries : []).flatMap(
        (entry, index) =>
        isTime(at(entry, ['created_at']))
          ? []
          : [fileProblem('wrong-value', [...SOPS, key, index], `has no time created_at, without which SOPS opens no key of the file. ${ROTATE_FIX}`)], // prettier-ignore
      );
    }),
  );

function keyProblems(sops: object): ValueProblem[] {
  const { age } = sops as { readonly age?: unknown };
  const path = [...SOPS, 'age'];
  const entries = Array.isArray(age) ? (age as readonly unknown[]) : [];
  if (entries.length === 0)
    return hasOtherKeys({ sops })
      ? []
      : [fileProblem('missing', path, `names no key, so nothing can be decrypted. ${ROTATE_FIX}`)];
  return entries.flatMap((entry, index) => {
    const [recipient, block] = [at(entry, ['recipient']), at(entry, ['enc'])];
    const isNamed = typeof recipient === 'string' && recipient !== '';
    if (isNamed && typeof block === 'string' && isAgeFile(block)) return [];
    const what = isNamed ? 'has an age block that was changed or cut off' : 'names no recipient';
    return [fileProblem('wrong-value', [...path, index], `${what}: its key does not open the file. ${ROTATE_FIX}`)];
  });
}
