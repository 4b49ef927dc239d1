import type { z } from 'zod';
import {
  blockedRanges,
  flag,
  ipv4Range,
  labelName,
  listField,
  matching,
  objectName,
  oneOf,
  quantityField,
  section,
  whole,
} from '../values/fields';
import { imagePullSecrets } from '../values/kubernetes';
import { nano } from '../values/quantity';
import { quotaLimits } from './quota-limits';

const LABEL = '[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?';
const PORT = ':([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const PATH_PART = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';

/** OCI Distribution, "Pulling manifests". Docker reads a first part without dot and port as a path on Docker Hub. */
const registry = () =>
  matching(
    new RegExp(`^(${LABEL}(\\.${LABEL})+(${PORT})?|${LABEL}${PORT})(/${PATH_PART})*$`),
    'a registry as host[:port][/path], such as ttl.sh or registry.example.com/team, without scheme, user or password',
    200,
  );

export const PERMISSIONS = ['full', 'minimum'] as const;

export type Permissions = (typeof PERMISSIONS)[number];

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const quota = section({
  enabled: flag().default(true).meta({ description: 'Write the ResourceQuota and the LimitRange.' }),
  hard: quotaLimits()
    .default({
      pods: 50,
      'requests.cpu': 10,
      'requests.memory': '20Gi',
      'limits.cpu': 20,
      'limits.memory': '40Gi',
      configmaps: 100,
      persistentvolumeclaims: 20,
    })
    .meta({
      description: 'The most that the namespace may use, by resource. It replaces all seven limits.',
    }),
}).meta({ description: 'The most that all sessions and builds may use.' });

const limitRange = section({
  default: section({
    cpu: quantityField().default('400m').meta({ description: 'CPU limit.', unit: 'CPUs' }),
    memory: quantityField().default('512Mi').meta({ description: 'Memory limit.', unit: 'bytes' }),
  }).meta({ description: 'Limits of containers without limits.' }),
  defaultRequest: section({
    cpu: quantityField().default('100m').meta({ description: 'CPU request.', unit: 'CPUs' }),
    memory: quantityField().default('128Mi').meta({ description: 'Memory request.', unit: 'bytes' }),
  }).meta({ description: 'Requests of containers without requests.' }),
})
  .superRefine((given, context) => {
    for (const resource of ['cpu', 'memory'] as const) {
      if (nano(given.defaultRequest[resource]) > nano(given.default[resource]))
        context.addIssue({
          code: 'custom',
          path: ['defaultRequest', resource],
          message: `at most limitRange.default.${resource}, ${String(given.default[resource])}`,
        });
    }
  })
  .meta({
    description: 'Requests and limits of containers without them. A quota refuses such pods otherwise.',
  });

const isolation = section({
  enabled: flag().default(true).meta({ description: 'Write the NetworkPolicies.' }),
  blockedRanges: blockedRanges().meta({
    description: 'Addresses that pods may not reach. They may reach all other IPv4 addresses and the cluster DNS.',
  }),
  registryRanges: listField(ipv4Range())
    .default([])
    .meta({ description: 'Private registries that builds may reach within the blocked addresses.' }),
  registryPorts: listField(whole(1, 65535))
    .min(1, { error: 'a list of at least one port' })
    .default([443])
    .meta({ description: 'Ports of these registries.' }),
  apiServerRanges: listField(ipv4Range()).default([]).meta({
    description:
      'Addresses of the API server (kubectl get endpointslices kubernetes), if the server of the backend runs in the namespace.',
  }),
}).meta({ description: 'Isolation of sessions and builds from the rest of the cluster.' });

/** Git holds these settings, so none may be secret. */
export const execBackendSettings = section({
  namespace: labelName()
    .refine((name) => name !== 'default' && !name.startsWith('kube-'), {
      error: 'a namespace of its own: neither default nor one that begins with kube-',
    })
    .default('execbox')
    .meta({ description: 'Namespace of sessions and builds.' }),
  serviceAccountName: objectName()
    .refine((name) => name !== 'default', {
      error: 'any name but default, which every pod runs as that names no service account',
    })
    .default('execbox')
    .meta({ description: 'ServiceAccount of the server.' }),
  permissions: oneOf(...PERMISSIONS)
    .default('full')
    .meta({
      description:
        'Permissions of the server: full (sessions, builds, port forwarding, Services and PersistentVolumeClaims), or minimum (sessions and builds).',
    }),
  quota,
  limitRange,
  registry: registry().default('ttl.sh').meta({ description: 'Registry for built images.' }),
  imageTtl: matching(/^[1-9][0-9]{0,5}[smhdw]$/, 'a time such as 30m, 4h or 7d', 7)
    .default('4h')
    .meta({ description: 'Tag of built images. ttl.sh deletes them after that time.' }),
  registrySecret: objectName().optional().meta({
    description: 'Secret of the type docker-registry that Kaniko pushes with. Without it, Kaniko pushes anonymously.',
  }),
  imagePullSecrets: imagePullSecrets()
    .default([])
    .meta({ description: 'Secrets with which pods of the ServiceAccount pull images.' }),
  port: whole(1, 65535).default(28080).meta({ description: 'Port of the server.' }),
  logLevel: oneOf(...LOG_LEVELS)
    .default('info')
    .meta({ description: 'Log level of the server.' }),
  isolation,
}).meta({ description: 'The exec backend: a namespace in which execbox-cloud runs sessions and builds images.' });

export type ExecBackendSettings = z.output<typeof execBackendSettings>;
