import { shownValue } from '../core/redact';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import type { ProblemCode, ValueProblem } from '../core/value-problem';
import { SEALED_SECRET_VERSION } from './sealed-secret';
import type { SecretPlace } from '../model/session';
import { isEncrypted, sopsMetadata } from './sops';

/** Checks of the files in `secrets/`: whether each is what its provider opens, for the session that it is named after. Nothing of a value is ever shown. */

const AGAIN = 'dozlab secret rotate makes another';

const problem = (code: ProblemCode, path: Path, message: string): ValueProblem => ({
  severity: 'error',
  code,
  path,
  message,
});

function expected(content: unknown, path: Path, wanted: string, why = ''): ValueProblem[] {
  const given = at(content, path);
  if (given === wanted) return [];
  if (given === undefined) return [problem('missing', path, `is missing; accepted: ${wanted}`)];
  return [problem('wrong-value', path, `is ${shownValue(path, given)}${why}; accepted: ${wanted}`)];
}

const inTheClear = (path: Path): ValueProblem =>
  problem(
    'secret-in-file',
    path,
    `is a password that is not encrypted; accepted: none. Remove the file, take the password for known if it was ever committed, and make another: dozlab secret rotate`,
  );

/** The parts of a Secret that hold values in the clear, unless SOPS has encrypted them. */
const PARTS = ['data', 'stringData'];

/** A copy of a Secret, in the clear, that kubectl keeps. */
const COPY: Path = ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'];

/** Keys of a Secret that SOPS has encrypted. */
const KEYS = ['apiVersion', 'kind', 'metadata', 'type', 'immutable', ...PARTS, 'sops'];

/** What is not encrypted in a file that holds a Secret, whatever its provider. */
export const clearSecretProblems = (content: unknown): ValueProblem[] =>
  at(content, ['kind']) === 'Secret' ? clearValues(content).map(inTheClear) : [];

function clearValues(content: unknown): Path[] {
  const others = Object.keys(isMapping(content) ? content : {}).filter((key) => !KEYS.includes(key));
  const copies = at(content, COPY) === undefined ? [] : [COPY];
  return [...copies, ...others.map((key) => [key]), ...clearParts(content)];
}

function clearParts(content: unknown): Path[] {
  return PARTS.flatMap((part) => {
    const values = at(content, [part]);
    if (!isMapping(values)) return values === undefined || values === null || isEncrypted(values) ? [] : [[part]];
    return Object.entries(values)
      .filter(([, value]) => value !== '' && !isEncrypted(value))
      .map(([key]) => [part, key]);
  });
}

function whereItBelongs(content: unknown, { name, namespace }: SecretPlace): ValueProblem[] {
  const why =
    ', but the session reads another Secret, and a password cannot be moved by hand: dozlab secret set seals it anew';
  return [
    ...expected(content, ['metadata', 'name'], name, why),
    ...expected(content, ['metadata', 'namespace'], namespace, why),
  ];
}

const SEALED = /^[A-Za-z0-9+/]{340,}={0,2}$/;

/** What is wrong with a file that the provider sealed-secrets reads. */
export function sealedSecretProblems(content: unknown, place: SecretPlace): ValueProblem[] {
  const clear = clearSecretProblems(content);
  if (clear.length > 0) return clear;
  const kind = [
    ...expected(content, ['apiVersion'], SEALED_SECRET_VERSION),
    ...expected(content, ['kind'], 'SealedSecret'),
  ];
  if (kind.length > 0) return kind;
  const surplus = surplusParts(content);
  if (surplus.length > 0) return surplus.map(inTheClear);
  const path = ['spec', 'encryptedData', place.key];
  const sealed = at(content, path);
  const found = whereItBelongs(content, place);
  if (sealed === undefined) found.push(problem('missing', path, `is missing: the session reads this key; ${AGAIN}`));
  else if (typeof sealed !== 'string' || !SEALED.test(sealed))
    found.push(problem('wrong-value', path, `is nothing that Sealed Secrets has sealed; ${AGAIN}`));
  return [...found, ...clearTemplates(content)];
}

/** The parts of a SealedSecret: anything else may be a value in the clear. */
const SEALED_PARTS: readonly (readonly [path: Path, keys: readonly string[]])[] = [
  [[], ['apiVersion', 'kind', 'metadata', 'spec', 'status']],
  [['spec'], ['encryptedData', 'template']],
  [
    ['spec', 'template'],
    ['metadata', 'type', 'immutable', 'data'],
  ],
];

function surplusParts(content: unknown): Path[] {
  const copies = at(content, COPY) === undefined ? [] : [COPY];
  const others = SEALED_PARTS.flatMap(([path, keys]) => {
    const part = at(content, path);
    return Object.keys(isMapping(part) ? part : {})
      .filter((key) => !keys.includes(key))
      .map((key) => [...path, key]);
  });
  return [...copies, ...others];
}

/** Values of a SealedSecret's template (Sealed Secrets, "templates") that are not made of what is sealed. */
function clearTemplates(content: unknown): ValueProblem[] {
  const path = ['spec', 'template', 'data'];
  const templates = at(content, path);
  return Object.entries(isMapping(templates) ? templates : {})
    .filter(([, template]) => typeof template !== 'string' || !template.includes('{{'))
    .map(([key]) => inTheClear([...path, key]));
}

/** What is wrong with a file that the provider sops reads. */
export function sopsProblems(content: unknown, place: SecretPlace): ValueProblem[] {
  if (isEncrypted(at(content, ['kind'])))
    return [
      problem(
        'wrong-value',
        ['kind'],
        `is encrypted, so that Flux cannot tell what the file is; accepted: data and stringData encrypted alone (encrypted_regex)`,
      ),
    ];
  const kind = [...expected(content, ['apiVersion'], 'v1'), ...expected(content, ['kind'], 'Secret')];
  if (kind.length > 0) return kind;
  const clear = clearValues(content);
  if (clear.length > 0) return clear.map(inTheClear);
  const found = whereItBelongs(content, place);
  if (sopsMetadata(content) === undefined)
    found.push(problem('missing', ['sops'], `is missing, without which nothing can be decrypted; ${AGAIN}`));
  if (PARTS.every((part) => at(content, [part, place.key]) === undefined))
    found.push(problem('missing', ['stringData', place.key], `is missing: the session reads this key; ${AGAIN}`));
  return found;
}
