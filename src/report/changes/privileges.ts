import { at, isMapping, listAt, type Tree } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { objectText, textAt, type ObjectName } from './manifest-text';
import { containersOf } from './session-parts';

/** One line each: granted privileges, and defaults that the pod does not drop. */
export function podPrivileges(spec: unknown): string[] {
  const ofPod = [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => at(spec, [key]) === true),
    ...(at(spec, ['automountServiceAccountToken']) === false ? [] : ['token of a service account']),
    ...named('service account', textAt(spec, ['serviceAccountName'])),
    ...named('runtime class', textAt(spec, ['runtimeClassName'])),
    ...named('priority class', textAt(spec, ['priorityClassName'])),
    ...listAt(spec, ['volumes']).flatMap((volume) => named('folder of the node', textAt(volume, ['hostPath', 'path']))),
    ...listAt(spec, ['securityContext', 'sysctls']).map((sysctl) => `sysctl ${textAt(sysctl, ['name'])}`),
    ...seccomp(at(spec, ['securityContext', 'seccompProfile', 'type']), 'Unconfined'),
    ...listAt(spec, ['tolerations']).flatMap(toleratedNodes),
  ];
  const isPodNonRoot = isNonRoot(at(spec, ['securityContext']), false);
  return [
    ...ofPod.map((line) => `pod: ${line}`),
    ...containersOf(spec).flatMap((container) =>
      containerPrivileges(container, isPodNonRoot).map((line) => `${textAt(container, ['name'])}: ${line}`),
    ),
  ];
}

const named = (what: string, name: string): string[] => (name === '' ? [] : [`${what} ${name}`]);

function containerPrivileges(container: unknown, isPodNonRoot: boolean): string[] {
  const context = at(container, ['securityContext']);
  const resources = {
    ...mapping(at(container, ['resources', 'limits'])),
    ...mapping(at(container, ['resources', 'requests'])),
  };
  return [
    ...(at(context, ['privileged']) === true ? ['privileged'] : []),
    ...listAt(context, ['capabilities', 'add']).map((capability) => `capability ${String(capability)}`),
    ...(at(context, ['allowPrivilegeEscalation']) === false ? [] : ['may gain privileges']),
    ...(isNonRoot(context, isPodNonRoot) ? [] : ['may run as root']),
    ...seccomp(at(context, ['seccompProfile', 'type']), undefined),
    ...listAt(container, ['ports']).flatMap((port) => {
      const hostPort = at(port, ['hostPort']);
      return typeof hostPort === 'number' ? [`port ${String(hostPort)} of the node`] : [];
    }),
    ...Object.keys(resources)
      .filter((resource) => resource.includes('/'))
      .map((resource) => `device ${resource}`),
    ...secretsOf(container),
  ];
}

/** Nodes that pods of users should not reach (Kubernetes, "Well-Known Labels, Annotations and Taints"). */
function toleratedNodes(toleration: unknown): string[] {
  const key = textAt(toleration, ['key']);
  if (key === '' && textAt(toleration, ['operator']) === 'Exists') return ['all nodes, whatever their taints'];
  return /^node-role\.kubernetes\.io\/(control-plane|master)$/.test(key) ? ['nodes of the control plane'] : [];
}

/** Another one than the session's own password may be of somebody else. */
function secretsOf(container: unknown): string[] {
  const isOwn = (variable: unknown): boolean =>
    textAt(container, ['name']) === 'code-server' && textAt(variable, ['name']) === 'PASSWORD';
  return [
    ...listAt(container, ['env'])
      .filter((variable) => !isOwn(variable))
      .map((variable) => textAt(variable, ['valueFrom', 'secretKeyRef', 'name'])),
    ...listAt(container, ['envFrom']).map((source) => textAt(source, ['secretRef', 'name'])),
  ]
    .filter(Boolean)
    .map((name) => `reads the Secret ${name}`);
}

const mapping = (value: unknown): Record<string, Tree> => (isMapping(value) ? value : {});

function isNonRoot(context: unknown, otherwise: boolean): boolean {
  const user = at(context, ['runAsUser']);
  if (typeof user === 'number') return user > 0;
  const given = at(context, ['runAsNonRoot']);
  return typeof given === 'boolean' ? given : otherwise;
}

/** @param absent the type without a profile */
const seccomp = (type: unknown, absent: string | undefined): string[] =>
  (type ?? absent) === 'Unconfined' ? ['any system call (seccomp Unconfined)'] : [];

export const POLICIES: readonly string[] = [
  'NetworkPolicy',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

export function objectPrivileges(object: ObjectName, manifest: Manifest | undefined): string[] {
  const name = objectText(object);
  if (object.kind === 'Namespace')
    return [`${name}: Pod Security ${textAt(manifest, ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'])}`];
  if (object.kind.endsWith('Role')) return listAt(manifest, ['rules']).map((rule) => `${name}: ${ruleText(rule)}`);
  if (object.kind.endsWith('RoleBinding'))
    return listAt(manifest, ['subjects']).map(
      (subject) => `${name}: ${subjectText(subject)} has ${roleText(manifest)}`,
    );
  if (object.kind === 'PriorityClass') return [`${name}: ${priorityText(manifest)}`];
  return object.kind === 'ServiceAccount' ? [name] : [];
}

function priorityText(priorityClass: unknown): string {
  const evicts = textAt(priorityClass, ['preemptionPolicy']) === 'Never' ? '' : ', evicts pods of lower priority';
  return `priority ${String(at(priorityClass, ['value']))}${evicts}`;
}

function subjectText(subject: unknown): string {
  const namespace = textAt(subject, ['namespace']);
  return `${textAt(subject, ['kind'])} ${namespace === '' ? '' : `${namespace}/`}${textAt(subject, ['name'])}`;
}

const roleText = (binding: unknown): string =>
  `${textAt(binding, ['roleRef', 'kind'])} ${textAt(binding, ['roleRef', 'name'])}`;

function ruleText(rule: unknown): string {
  const texts = (key: string): string => listAt(rule, [key]).map(String).join(', ');
  const names = texts('resourceNames');
  const groups = listAt(rule, ['apiGroups']).map(String);
  const resources = listAt(rule, ['resources']).flatMap((resource) =>
    groups.map((group) => (group === '' ? String(resource) : `${String(resource)}.${group}`)),
  );
  return `${texts('verbs')} ${resources.join(', ')}${texts('nonResourceURLs')}${names === '' ? '' : ` (${names})`}`;
}
