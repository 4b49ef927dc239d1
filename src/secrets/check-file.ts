import { z } from 'zod';
import { dateTime, labelMap, qualifiedName } from '../api/values/fields';
import { meaningOfKey } from '../core/consumers/metadata';
import { shownValue } from '../core/redact';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import type { ProblemCode, ValueProblem } from '../core/diagnostics';
import type { SecretPlace } from '../model/session';
import { isEncrypted } from './sops-format';

/** No message shows a value. */

export const ROTATE_FIX = 'Fix: run dozlab secret rotate';

export const fileProblem = (code: ProblemCode, path: Path, message: string): ValueProblem => ({
  severity: 'error',
  code,
  path,
  message,
});

export function expected(content: unknown, path: Path, wanted: string, more = ''): ValueProblem[] {
  const given = at(content, path);
  if (given === wanted) return [];
  if (given === undefined) return [fileProblem('missing', path, `is missing; accepted: ${wanted}`)];
  return [fileProblem('wrong-value', path, `is ${shownValue(path, given)}; accepted: ${wanted}${more}`)];
}

export function expectedPlace(content: unknown, { name, namespace, session }: SecretPlace): ValueProblem[] {
  const more = '. Fix: run dozlab secret set; a password cannot move to another name or namespace';
  return [
    ...expected(content, ['metadata', 'name'], name, more),
    ...expected(content, ['metadata', 'namespace'], namespace, more),
    ...deliveryKeys(content),
    ...METADATA.map((path): Path => [...path, 'labels', 'session-id'])
      .filter((path) => at(content, path) !== undefined)
      .flatMap((path) => expected(content, path, session)),
  ];
}

const METADATA: readonly Path[] = [['metadata'], ['spec', 'template', 'metadata']];

/** The file goes to the cluster as it is, with labels and annotations that may keep Flux from applying it. */
const deliveryKeys = (content: unknown): ValueProblem[] =>
  METADATA.flatMap((path) => [[...path, 'labels'] as Path, [...path, 'annotations'] as Path]).flatMap((path) =>
    Object.keys(mappingAt(content, path)).flatMap((key) => {
      const meaning = meaningOfKey(key);
      const full = [...path, key];
      if (meaning === undefined || full.join() === COPY.join()) return [];
      return [fileProblem('wrong-value', full, `is not for Secrets of sessions: ${meaning}. Fix: remove it`)];
    }),
  );

const mappingAt = (content: unknown, path: Path): Readonly<Record<string, unknown>> => {
  const found = at(content, path);
  return isMapping(found) ? found : {};
};

/** Kubernetes, "Types of Secret": the API server or a controller fills or refuses other types. */
export function typeProblems(content: unknown, parent: Path): ValueProblem[] {
  const path = [...parent, 'type'];
  const type = at(content, path);
  return type === undefined || type === 'Opaque'
    ? []
    : [fileProblem('wrong-value', path, `is another type of Secret; accepted: Opaque. ${ROTATE_FIX}`)];
}

/** The API server refuses the next password, and Flux then stops. */
export function mutabilityProblems(content: unknown, parent: Path): ValueProblem[] {
  const path = [...parent, 'immutable'];
  const immutable = at(content, path);
  return immutable === undefined || immutable === false
    ? []
    : [fileProblem('wrong-value', path, 'is set: Kubernetes would refuse the next password. Fix: remove it')];
}

const METADATA_KEYS = ['name', 'namespace', 'labels', 'annotations', 'creationTimestamp'];

/** Owners, finalizers and the like decide when the object ends. The API server refuses labels of another form. */
export function metadataProblems(content: unknown, parent: Path = []): ValueProblem[] {
  const path = [...parent, 'metadata'];
  const metadata = at(content, path);
  const unknown = Object.keys(isMapping(metadata) ? metadata : {})
    .filter((key) => !METADATA_KEYS.includes(key))
    .map((key) => ({
      ...fileProblem('unknown-key', [...path, key], `is not accepted; accepted: ${METADATA_KEYS.join(', ')}`),
      key: true,
    }));
  return [...unknown, ...METADATA_FORMS.flatMap(([key, schema]) => formProblems(content, [...path, key], schema))];
}

const METADATA_FORMS: readonly (readonly [key: string, schema: z.ZodType])[] = [
  ['labels', labelMap()],
  ['annotations', z.record(qualifiedName(), z.string({ error: 'text' }), { error: 'a mapping of names to texts' })],
  ['creationTimestamp', dateTime()],
];

function formProblems(content: unknown, path: Path, schema: z.ZodType): ValueProblem[] {
  const given = at(content, path);
  if (given === undefined || given === null) return [];
  const issues = schema.safeParse(given).error?.issues ?? [];
  return issues.map((issue) => {
    const steps = issue.path.filter((step) => typeof step !== 'symbol');
    const accepted = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
    return { ...fileProblem('wrong-value', [...path, ...steps], `is not accepted; accepted: ${accepted ?? ''}`), key: issue.code === 'invalid_key' }; // prettier-ignore
  });
}

export const unencryptedProblem = (path: Path): ValueProblem =>
  fileProblem(
    'secret-in-file',
    path,
    'is a password that is not encrypted. Fix: remove the file and run dozlab secret rotate. If Git ever had the file, the password is public',
  );

export const PARTS = ['data', 'stringData'];

/** kubectl keeps a copy here, with values in the clear. */
const COPY: Path = ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'];

export const copiesIn = (content: unknown): Path[] => (at(content, COPY) === undefined ? [] : [COPY]);

const KEYS = ['apiVersion', 'kind', 'metadata', 'type', 'immutable', ...PARTS, 'sops'];

export const unencryptedProblems = (content: unknown): ValueProblem[] =>
  at(content, ['kind']) === 'Secret' ? unencryptedValues(content).map(unencryptedProblem) : [];

export function unencryptedValues(content: unknown): Path[] {
  const others = Object.keys(isMapping(content) ? content : {}).filter((key) => !KEYS.includes(key));
  return [...copiesIn(content), ...others.map((key) => [key]), ...clearParts(content)];
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
