import { at, isMapping, listAt } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { nano, QUANTITY, type Quantity } from '../../api/values/quantity';
import { textAt } from '../changes/manifest-text';
import { weakerIngress } from './ingress-rules';
import { allowsMore } from './network-rules';
import { unmanaged } from './unmanaged';

/** Kinds whose removal leaves something less protected. */
export const PROTECTIONS: readonly string[] = [
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
];

/**
 * @returns what the change of an object gives up; empty if it is at least as strict
 */
export const weakerIn = (before: Manifest, after: Manifest): string[] => [
  ...weakerOfKind(before, after),
  ...unmanaged(before, after),
];

function weakerOfKind(before: Manifest, after: Manifest): string[] {
  switch (after.kind) {
    case 'NetworkPolicy':
      return allowsMore(before, after) ? ['allows more'] : [];
    case 'ValidatingAdmissionPolicy':
      return isStricterPolicy(before, after) ? [] : ['has other rules'];
    case 'ValidatingAdmissionPolicyBinding':
      return isStricterBinding(before, after) ? [] : ['no longer denies what it denied'];
    case 'ResourceQuota':
      return raised(at(before, ['spec', 'hard']), at(after, ['spec', 'hard']));
    case 'LimitRange':
      return raised(maximaOf(before), maximaOf(after));
    case 'Namespace':
      return weakerPodSecurity(before, after);
    case 'Kustomization':
    case 'HelmRelease':
      return weakerDelivery(before, after);
    case 'Application':
      return isSame(before, after, ['spec', 'project'])
        ? []
        : [`is in the project ${textAt(after, ['spec', 'project'])}`];
    case 'AppProject':
      return weakerProject(before, after);
    case 'Deployment':
    case 'Pod':
      return weakerSandbox(before, after);
    case 'Ingress':
      return weakerIngress(before, after);
    default:
      return weakerSource(before, after);
  }
}

const isSame = (one: unknown, other: unknown, path: readonly string[]): boolean =>
  JSON.stringify(at(one, path)) === JSON.stringify(at(other, path));

/** Only more rules are stricter for certain. Admitted images and capabilities are risks of their own. */
function isStricterPolicy(before: Manifest, after: Manifest): boolean {
  const rules = (policy: Manifest): string[] =>
    expressionsAt(policy, 'validations').map((each) => each.replace(CAPABILITIES, ''));
  const variables = (policy: Manifest): string =>
    JSON.stringify(expressionsAt(policy, 'variables').map((each) => each.replaceAll(LIST, '[]')));
  const kept = rules(after);
  return (
    ['failurePolicy', 'matchConstraints', 'matchConditions', 'paramKind'].every((key) =>
      isSame(before, after, ['spec', key]),
    ) &&
    variables(before) === variables(after) &&
    rules(before).every((rule) => kept.includes(rule))
  );
}

const CAPABILITIES = /(?<=capability in )\[[A-Z_",]*\]/;

/** A list of texts in an expression of CEL, and whether they are prefixes. */
export const LIST = /(\[\s*(?:"(?:[^"\\]|\\.)*"(?:,\s*)?)*\])(\.exists\(prefix)?/g;

export const expressionsAt = (policy: Manifest, key: 'validations' | 'variables'): string[] =>
  listAt(policy, ['spec', key]).map((each) => String(at(each, ['expression'])));

function isStricterBinding(before: Manifest, after: Manifest): boolean {
  const actions = listAt(after, ['spec', 'validationActions']);
  return (
    ['policyName', 'matchResources', 'paramRef'].every((key) => isSame(before, after, ['spec', key])) &&
    (actions.includes('Deny') || !listAt(before, ['spec', 'validationActions']).includes('Deny'))
  );
}

/** Amounts that grow or go; a resource without an amount has no limit. */
function raised(before: unknown, after: unknown): string[] {
  if (!isMapping(before)) return [];
  return Object.entries(before).flatMap(([resource, was]) => {
    const is = at(after, [resource]);
    if (is === undefined) return [`no longer limits ${resource}`];
    return isQuantity(was) && isQuantity(is) && nano(is) > nano(was)
      ? [`${resource} ${String(was)} → ${String(is)}`]
      : [];
  });
}

const isQuantity = (value: unknown): value is Quantity =>
  typeof value === 'number' || (typeof value === 'string' && QUANTITY.test(value));

const maximaOf = (range: Manifest): Record<string, unknown> =>
  Object.fromEntries(
    listAt(range, ['spec', 'limits']).flatMap((limit) =>
      ['max', 'maxLimitRequestRatio'].flatMap((bound) => {
        const amounts = at(limit, [bound]);
        return isMapping(amounts)
          ? Object.entries(amounts).map(([name, amount]) => [`${bound} of ${textAt(limit, ['type'])} ${name}`, amount])
          : [];
      }),
    ),
  );

/** From weak to strict (Kubernetes, "Pod Security Standards"). Without a label the level is `privileged`. */
const LEVELS = ['privileged', 'baseline', 'restricted'];

function weakerPodSecurity(before: Manifest, after: Manifest): string[] {
  return ['enforce', 'warn', 'audit'].flatMap((mode) => {
    const [was, is] = [before, after].map(
      (manifest) => textAt(manifest, ['metadata', 'labels', `pod-security.kubernetes.io/${mode}`]) || 'privileged',
    ) as [string, string];
    return LEVELS.indexOf(is) < LEVELS.indexOf(was) ? [`Pod Security ${mode} ${was} → ${is}`] : [];
  });
}

/** Without an account, Flux applies with its own rights (Flux, "Kustomization", service account reference). */
function weakerDelivery(before: Manifest, after: Manifest): string[] {
  const [was, is] = [before, after].map((manifest) => textAt(manifest, ['spec', 'serviceAccountName'])) as [
    string,
    string,
  ];
  const gained = (key: string, value: boolean): boolean =>
    at(after, ['spec', key]) === value && at(before, ['spec', key]) !== value;
  return [
    ...(was === '' || was === is ? [] : [is === '' ? 'applies with the rights of Flux' : `applies as ${is}`]),
    ...(isSame(before, after, ['spec', 'path']) ? [] : [`applies ${textAt(after, ['spec', 'path'])}`]),
    ...(gained('prune', false) ? ['no longer deletes what is removed'] : []),
    ...(gained('suspend', true) ? ['is suspended'] : []),
    ...(gained('force', true) ? ['deletes and creates what cannot change'] : []),
  ];
}

/** Flux, GitRepository and OCIRepository: `verify` checks signatures, `insecure` turns TLS off. */
function weakerSource(before: Manifest, after: Manifest): string[] {
  return [
    ...(at(before, ['spec', 'verify']) !== undefined && !isSame(before, after, ['spec', 'verify'])
      ? ['no longer checks the same signature']
      : []),
    ...(at(after, ['spec', 'insecure']) === true && at(before, ['spec', 'insecure']) !== true
      ? ['is read without TLS']
      : []),
  ];
}

/** A runtime class may be a sandbox, such as Kata or gVisor. */
function weakerSandbox(before: Manifest, after: Manifest): string[] {
  const [was, is] = [before, after].map(
    (manifest) =>
      textAt(manifest, ['spec', 'template', 'spec', 'runtimeClassName']) ||
      textAt(manifest, ['spec', 'runtimeClassName']),
  ) as [string, string];
  return was === '' || was === is ? [] : [`no longer runs in the runtime class ${was}`];
}

/** Argo CD, "Projects". */
function weakerProject(before: Manifest, after: Manifest): string[] {
  const added = (one: Manifest, other: Manifest, key: string): boolean => {
    const known = listAt(one, ['spec', key]).map((each) => JSON.stringify(each));
    return listAt(other, ['spec', key]).some((each) => !known.includes(JSON.stringify(each)));
  };
  const allowed = [
    'sourceRepos',
    'destinations',
    'clusterResourceWhitelist',
    'namespaceResourceWhitelist',
    'sourceNamespaces',
  ];
  const denied = ['clusterResourceBlacklist', 'namespaceResourceBlacklist'];
  return [
    ...allowed.filter((key) => added(before, after, key)).map((key) => `allows more ${key}`),
    ...denied.filter((key) => added(after, before, key)).map((key) => `denies less by ${key}`),
  ];
}
