import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { quantityOf, sum, type Amounts } from '../model/pod-requests';
import { withDefaults } from './defaults';
import { boundsBroken, type LimitRange } from './limit-range';
import { podSecurityReasons, type PodSecurityLevel } from './pod-security';
import { invalidResources } from './pod-validation';
import { counts, missingAmounts, type Quota } from './quota';
import { quotaUsage } from './quota-usage';

/** A ValidatingAdmissionPolicy with its binding. */
export interface Policy {
  readonly name: string;
  /** The message of the first rule that refuses the new object. */
  readonly refusal: (object: Manifest) => string | undefined;
}

/** What a namespace says about the objects in it. */
export interface NamespaceRules {
  readonly limitRanges: readonly LimitRange[];
  readonly quotas: readonly Quota[];
  readonly podSecurity: PodSecurityLevel;
  readonly policies: readonly Policy[];
  /** Class of claims that name none. @default none */
  readonly defaultStorageClass?: string;
}

export const NO_RULES: NamespaceRules = { limitRanges: [], quotas: [], podSecurity: 'privileged', policies: [] };

/** In the order in which the API server asks them. */
export type Admission = 'Validation' | 'LimitRanger' | 'PodSecurity' | 'ValidatingAdmissionPolicy' | 'ResourceQuota';

export interface Refusal {
  readonly by: Admission;
  /** Resources of the container, keys of the quota, or reasons of Pod Security; empty for policies. */
  readonly subjects: readonly string[];
  /** The name of the quota or policy. */
  readonly name?: string;
  readonly message: string;
}

export interface AdmittedObject {
  /** With the defaults of the API server. */
  readonly object: Manifest;
  /** By key of a quota. */
  readonly usage: Amounts;
  readonly refusal?: Refusal;
}

/** The verdict on one new object, apart from what other objects use. */
export function admitAlone(rules: NamespaceRules, given: Manifest): AdmittedObject {
  const object = prepared(rules, given);
  const refusal = refusalOf(rules, object);
  return { object, usage: quotaUsage(object), ...(refusal === undefined ? {} : { refusal }) };
}

function prepared({ limitRanges, defaultStorageClass }: NamespaceRules, object: Manifest): Manifest {
  if (object.kind === 'Pod') return withDefaults(object, limitRanges);
  if (object.kind !== 'PersistentVolumeClaim' || defaultStorageClass === undefined) return object;
  if (at(object, ['spec', 'storageClassName']) !== undefined) return object;
  return { ...object, spec: { ...(object['spec'] as object), storageClassName: defaultStorageClass } };
}

function refusalOf(
  { limitRanges, quotas, podSecurity, policies }: NamespaceRules,
  object: Manifest,
): Refusal | undefined {
  if (object.kind === 'Pod') {
    const invalid = invalidResources(object);
    if (invalid.length > 0) return { by: 'Validation', ...subjectsOf(invalid) };
  }
  const broken = limitRanges.map((range) => boundsBroken(range, object)).find((each) => each.length > 0);
  if (broken !== undefined) return { by: 'LimitRanger', ...subjectsOf(broken) };
  if (object.kind === 'Pod') {
    const reasons = podSecurityReasons(podSecurity, object);
    if (reasons.length > 0)
      return { by: 'PodSecurity', subjects: reasons, message: `violates PodSecurity "${podSecurity}:latest": ${reasons.join(', ')}` }; // prettier-ignore
  }
  for (const { name, refusal } of policies) {
    const message = refusal(object);
    if (message !== undefined) return { by: 'ValidatingAdmissionPolicy', name, subjects: [], message };
  }
  for (const quota of quotas) {
    const missing = counts(quota, object) ? missingAmounts(quota.hard.keys(), object) : [];
    if (missing.length > 0) {
      const what = missing.map(({ resource, containers }) => `${resource} for: ${containers.join(',')}`).join('; ');
      const subjects = missing.map(({ resource }) => resource);
      return { by: 'ResourceQuota', name: quota.name, subjects, message: `failed quota: ${quota.name}: must specify ${what}` }; // prettier-ignore
    }
  }
  return undefined;
}

const subjectsOf = (problems: readonly { readonly resource: string; readonly message: string }[]) => ({
  subjects: Array.from(new Set(problems.map(({ resource }) => resource))).sort(),
  message: problems.map(({ message }) => message).join(', '),
});

export interface NamespaceVerdict {
  readonly objects: readonly AdmittedObject[];
  /** By name of the quota, for its keys alone. */
  readonly used: ReadonlyMap<string, Amounts>;
}

/**
 * The verdict on new objects, in the order in which they are created.
 * @param before what other objects use of the quotas, by name @default nothing
 */
export function admitAll(
  rules: NamespaceRules,
  given: readonly Manifest[],
  before: ReadonlyMap<string, Amounts> = new Map(),
): NamespaceVerdict {
  const used = new Map<string, Amounts>(
    rules.quotas.map(({ name, hard }) => [name, new Map([...nothingOf(hard), ...(before.get(name) ?? [])])]),
  );
  const objects = given.map((object) => {
    const alone = admitAlone(rules, object);
    if (alone.refusal !== undefined) return alone;
    const counting = rules.quotas.filter((quota) => counts(quota, alone.object));
    const refusal = counting.map((quota) => excess(quota, used.get(quota.name) ?? new Map(), alone.usage)).find((each) => each !== undefined); // prettier-ignore
    if (refusal !== undefined) return { ...alone, refusal };
    for (const { name, hard } of counting)
      used.set(name, sum([used.get(name) ?? new Map(), within(alone.usage, hard)]));
    return alone;
  });
  return { objects, used };
}

const nothingOf = (hard: Amounts): Amounts => new Map(Array.from(hard.keys(), (key) => [key, 0n]));

const within = (usage: Amounts, hard: Amounts): Amounts => new Map(Array.from(usage).filter(([key]) => hard.has(key)));

/** Keys of which the object uses nothing do not refuse it. */
function excess({ name, hard }: Quota, used: Amounts, usage: Amounts): Refusal | undefined {
  const exceeded = Array.from(within(usage, hard))
    .filter(([key, amount]) => amount > 0n && (used.get(key) ?? 0n) + amount > (hard.get(key) ?? 0n))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  if (exceeded.length === 0) return undefined;
  const listed = (amountIn: (key: string, amount: bigint) => bigint): string =>
    exceeded.map(([key, amount]) => `${key}=${quantityOf(key, amountIn(key, amount))}`).join(',');
  const message = `exceeded quota: ${name}, requested: ${listed((_, amount) => amount)}, used: ${listed((key) => used.get(key) ?? 0n)}, limited: ${listed((key) => hard.get(key) ?? 0n)}`;
  return { by: 'ResourceQuota', name, subjects: exceeded.map(([key]) => key), message };
}
