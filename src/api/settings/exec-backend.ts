import { type z } from 'zod';
import { blockedRanges } from '../values/blocked-ranges';
import {
  flag,
  ipv4Range,
  labelName,
  list,
  matching,
  objectName,
  oneOf,
  quantity,
  section,
  whole,
} from '../values/fields';
import { imagePullSecrets } from '../values/kubernetes';
import { nano } from '../values/quantity';
import { quotaLimits } from './quota-limits';
import { registry } from './registry';

/** What the server of the exec backend may do: all that is planned for it, or just what sessions and builds need. */
export const PERMISSIONS = ['full', 'minimum'] as const;

export type Permissions = (typeof PERMISSIONS)[number];

/** How much the server writes into its log, from most to least. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const quota = section({
  enabled: flag().default(true).meta({ description: 'Make the ResourceQuota, and with it the LimitRange.' }),
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
      description: 'The most that the namespace may use, by resource. When given, it replaces all seven limits.',
    }),
}).meta({ description: 'What all sessions and builds may use together.' });

const limitRange = section({
  default: section({
    cpu: quantity().default('400m').meta({ description: 'CPU limit.', unit: 'CPUs' }),
    memory: quantity().default('512Mi').meta({ description: 'Memory limit.', unit: 'bytes' }),
  }).meta({ description: 'Limits of a container that has none.' }),
  defaultRequest: section({
    cpu: quantity().default('100m').meta({ description: 'CPU request.', unit: 'CPUs' }),
    memory: quantity().default('128Mi').meta({ description: 'Memory request.', unit: 'bytes' }),
  }).meta({ description: 'Requests of a container that has none.' }),
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
    description:
      'Requests and limits of containers that have none. A quota of requests and limits refuses pods without them.',
  });

const isolation = section({
  enabled: flag().default(true).meta({ description: 'Make the NetworkPolicies.' }),
  blockedRanges: blockedRanges().meta({
    description: 'Addresses that pods may not reach. All other IPv4 addresses they may, and the cluster DNS.',
  }),
  registryRanges: list(ipv4Range())
    .default([])
    .meta({ description: 'Addresses of private registries that builds may reach though they are blocked.' }),
  registryPorts: list(whole(1, 65535))
    .min(1, { error: 'a list of at least one port' })
    .default([443])
    .meta({ description: 'Ports of these registries.' }),
  apiServerRanges: list(ipv4Range()).default([]).meta({
    description:
      'Addresses of the API server (kubectl get endpointslices kubernetes), if the server of the backend runs in the namespace.',
  }),
}).meta({ description: 'Isolation of sessions and builds from the rest of the cluster.' });

/** The exec backend: the namespace of execbox-cloud with all that its server needs in the cluster. No setting can hold a secret. */
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
        'What the server may do: full (sessions, builds, port forwarding, Services and PersistentVolumeClaims), or minimum (sessions and builds).',
    }),
  quota,
  limitRange,
  registry: registry().default('ttl.sh').meta({ description: 'Registry that built images are pushed to.' }),
  imageTtl: matching(/^[1-9][0-9]{0,5}[smhdw]$/, 'a time such as 30m, 4h or 7d', 7)
    .default('4h')
    .meta({ description: 'Tag of built images, after which ttl.sh removes them.' }),
  registrySecret: objectName().optional().meta({
    description:
      'Secret of the type docker-registry that Kaniko pushes with. Not given, images are pushed anonymously.',
  }),
  imagePullSecrets: imagePullSecrets()
    .default([])
    .meta({ description: 'Secrets that pods of the ServiceAccount pull images with.' }),
  port: whole(1, 65535).default(28080).meta({ description: 'Port that the server listens on.' }),
  logLevel: oneOf(...LOG_LEVELS)
    .default('info')
    .meta({ description: 'How much the server logs.' }),
  isolation,
}).meta({ description: 'The exec backend: a namespace in which execbox-cloud runs sessions and builds images.' });

export type ExecBackendSettings = z.output<typeof execBackendSettings>;
