import { isDeepStrictEqual } from 'node:util';
import { at, isMapping, type Mapping, type Path } from '@dozlab/charts/schema';

/** Removes fields that the API server adds, so that an object of the cluster compares with a written one. */

/** Defaults of the API server (Kubernetes API reference). */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  automountServiceAccountToken: true,
  enableServiceLinks: true,
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  serviceAccountName: 'default',
  serviceAccount: 'default',
  preemptionPolicy: 'PreemptLowerPriority',
  priority: 0,
  hostNetwork: false,
  hostPID: false,
  hostIPC: false,
  readOnly: false,
  recursiveReadOnly: 'Disabled',
  optional: false,
  protocol: 'TCP',
  scheme: 'HTTP',
  successThreshold: 1,
  failureThreshold: 3,
  periodSeconds: 10,
  timeoutSeconds: 1,
  initialDelaySeconds: 0,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  sessionAffinity: 'None',
  internalTrafficPolicy: 'Cluster',
  externalTrafficPolicy: 'Cluster',
  ipFamilyPolicy: 'SingleStack',
  allocateLoadBalancerNodePorts: true,
};

const DECIDED: readonly Path[] = [
  ['status'],
  ...['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields', 'selfLink', 'namespace'].map(
    (name) => ['metadata', name],
  ),
  ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'],
  ...['nodeName', 'clusterIP', 'clusterIPs', 'ipFamilies', 'healthCheckNodePort'].map((name) => ['spec', name]),
];

const AUTOMATIC_TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

export function withoutApiDefaults(object: Mapping): Mapping {
  const copy = structuredClone(object);
  for (const path of DECIDED) {
    const parent = at(copy, path.slice(0, -1));
    if (isMapping(parent)) Reflect.deleteProperty(parent, String(path.at(-1)));
  }
  const cleaned = clean(copy, []);
  return isMapping(cleaned) ? cleaned : {};
}

function clean(value: unknown, path: Path): unknown {
  if (Array.isArray(value))
    return list(
      value.map((item: unknown) => clean(item, [...path, '*'])),
      String(path.at(-1)),
    );
  if (!isMapping(value)) return value;
  const entries = Object.entries(value)
    .map(([key, child]) => [key, key === 'image' ? tagged(child) : clean(child, [...path, key])] as const)
    .filter(([key, child]) => !isDefault(key, child, value, path));
  return Object.fromEntries(entries);
}

function list(items: unknown[], name: string): unknown[] {
  if (name === 'tolerations')
    return items.filter(
      (item) => !(AUTOMATIC_TAINTS.includes(String(at(item, ['key']))) && at(item, ['tolerationSeconds']) === 300),
    );
  if (name === 'volumeMounts') return items.filter((item) => at(item, ['mountPath']) !== TOKEN_FOLDER);
  if (name === 'volumes') return items.filter((item) => !String(at(item, ['name'])).startsWith('kube-api-access-'));
  return items;
}

function isDefault(key: string, value: unknown, parent: Mapping, path: Path): boolean {
  if (value === undefined || value === null) return true;
  const isLabel = ['labels', 'annotations', 'matchLabels', 'selector'].includes(String(path.at(-1)));
  if (isLabel) return false;
  if (key !== 'emptyDir' && (isDeepStrictEqual(value, {}) || isDeepStrictEqual(value, []))) return true;
  if (key === 'imagePullPolicy') return value === pullPolicyOf(parent['image']);
  if (key === 'type' && path.join() === 'spec') return value === 'ClusterIP';
  if (key === 'apiVersion') return path.at(-1) === 'fieldRef' && value === 'v1';
  if (key === 'targetPort') return value === parent['port'];
  if (key === 'requests') return false;
  return Object.hasOwn(DEFAULTS, key) && DEFAULTS[key] === value;
}

const HAS_TAG = /@|:[^/]*$/;

const tagged = (image: unknown): unknown =>
  typeof image === 'string' && !HAS_TAG.test(image) ? `${image}:latest` : image;

/** The default policy depends on the tag (Kubernetes, "Images"). */
const pullPolicyOf = (image: unknown): string =>
  typeof image === 'string' && HAS_TAG.test(image) && !image.endsWith(':latest') ? 'IfNotPresent' : 'Always';
