import type { z } from 'zod';
import {
  fileName,
  flag,
  labelMap,
  labelName,
  listField,
  matching,
  objectName,
  oneLine,
  oneOf,
  section,
} from '../values/fields';
import { nano } from '../values/quantity';
import { containerAmounts, quotaLimits, QUOTA_PRESETS } from './quota-limits';

const quota = section({
  enabled: flag().default(true).meta({
    description: 'Write a ResourceQuota if maxSessions, a preset or hard sets its limits.',
  }),
  preset: oneOf(...QUOTA_PRESETS)
    .optional()
    .meta({
      description:
        'A quota by name: dozlab-quota (50 CPUs, 100Gi, 50 pods, no claims) or lab-sessions-quota (20 CPUs, 40Gi, 10 pods). Default: computed from maxSessions and the size of a session.',
    }),
  lab: objectName()
    .optional()
    .meta({ description: 'The lab that gives the size of a session. Default: the largest of labs/.' }),
  hard: quotaLimits()
    .default({})
    .meta({ description: 'Limits by resource name. They override the preset and computed limits.' }),
}).meta({ description: 'The most that all sessions of a namespace may use.' });

const limitRange = section({
  enabled: flag().default(true).meta({ description: 'Write a LimitRange.' }),
  defaultRequest: containerAmounts()
    .default({ cpu: '10m', memory: '32Mi' })
    .meta({ description: 'Requests of containers without requests. A quota refuses pods without them.' }),
  max: containerAmounts().default({}).meta({
    description: 'The most that one container may use. Kubernetes makes it the limit of containers without one.',
  }),
})
  .superRefine(({ defaultRequest, max }, context) => {
    for (const [resource, most] of Object.entries(max)) {
      const request = defaultRequest[resource];
      if (request !== undefined && nano(request) > nano(most))
        context.addIssue({
          code: 'custom',
          path: ['max', resource],
          message: `at least limitRange.defaultRequest of it, ${String(request)}`,
        });
      else if (request !== undefined && !isOvercommitted(resource) && nano(request) !== nano(most))
        context.addIssue({
          code: 'custom',
          path: ['max', resource],
          message: `limitRange.defaultRequest of it, ${String(request)}, as Kubernetes does not overcommit ${resource}`,
        });
    }
  })
  .meta({ description: 'Bounds for single containers.' });

const networkPolicy = section({
  defaultDeny: flag().default(true).meta({
    description: 'Deny all traffic that no other policy allows, in a namespace of this project.',
  }),
  isolation: flag().default(true).meta({
    description:
      'Write one policy for all sessions, from the values networkPolicy of the project and the cohort. Sessions may have their own policies too.',
  }),
  ingressNamespaceLabels: labelMap().default({}).meta({
    description:
      'Labels of more namespaces that may reach sessions, such as name: ingress-nginx. The value networkPolicy.ingressNamespaces selects by name.',
  }),
}).meta({ description: 'Isolation of the namespace.' });

const podPolicy = section({
  enabled: flag().default(true).meta({
    description:
      'Write a ValidatingAdmissionPolicy (Kubernetes 1.30) that refuses other pods than sessions, and other images, in a namespace of this project.',
  }),
  images: listField(oneLine(512, 'an image reference; one that ends in * stands for all that begin so'))
    .default([])
    .meta({ description: 'More images than the project, its labs and the cohort name. * at the end matches any end.' }),
  acmeSolverImages: listField(oneLine(512, 'an image reference; one that ends in * stands for all that begin so'))
    .default(['quay.io/jetstack/cert-manager-acmesolver:*'])
    .meta({ description: "Images of cert-manager's pods for ACME challenges." }),
}).meta({ description: 'The pods that the namespace admits.' });

const groups = () => listField(oneLine(256)).default([]);

const roles = section({
  sessionManager: section({
    enabled: flag().default(true).meta({ description: 'Let the session manager run sessions in the namespace.' }),
    name: objectName().default('dozlab-session-manager').meta({ description: 'Its service account.' }),
    namespace: fileName(
      matching(
        /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
        'at most 63 of a-z, 0-9 and -, with a letter or digit at both ends',
        63,
      ),
    )
      .default('dozlab-system')
      .meta({ description: 'Namespace of its service account.' }),
  }).meta({ description: 'The identity of a session manager.' }),
  viewers: section({
    groups: groups().meta({ description: 'Groups that may read sessions.' }),
  }).meta({ description: 'Read-only access.' }),
  instructors: section({
    groups: groups().meta({ description: 'Groups that may enter, stop and restart sessions.' }),
    readPasswords: flag().default(false).meta({ description: 'Let instructors read the passwords of VS Code.' }),
  }).meta({ description: 'Access of instructors.' }),
}).meta({ description: 'Roles in the namespace.' });

const INTERVAL = 'a time such as 30s or 1h30m, from the greatest unit to the least';

const PORT_NAME = 'the name of a port, such as terminal: no number';

const podMonitor = section({
  enabled: flag().default(false).meta({ description: 'Write a PodMonitor of the Prometheus Operator.' }),
  port: matching(/^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, PORT_NAME, 15)
    .refine((name) => /[a-z]/.test(name) && !name.includes('--'), { error: PORT_NAME })
    .default('terminal')
    .meta({ description: 'Port of the pods with the metrics.' }),
  path: matching(/^\/[^\s]*$/, 'a path that begins with /')
    .default('/metrics')
    .meta({ description: 'Path of the metrics.' }),
  interval: matching(/^([1-9][0-9]{0,5}h)?([1-9][0-9]{0,5}m)?([1-9][0-9]{0,5}s)?([1-9][0-9]{0,5}ms)?$/, INTERVAL, 20)
    .min(1, { error: INTERVAL })
    .default('30s')
    .meta({ description: 'Time between two readings.' }),
  namespace: labelName()
    .default('monitoring')
    .meta({ description: 'Namespace of Prometheus. Its pods may then reach that port.' }),
}).meta({ description: 'Metrics of sessions.' });

/** Kubernetes, "Extended resources" and "Manage HugePages". */
const isOvercommitted = (resource: string): boolean => !resource.includes('/') && !resource.startsWith('hugepages-');

export const infraSettings = section({ quota, limitRange, networkPolicy, podPolicy, roles, podMonitor }).meta({
  description: 'Shared objects of a cohort, in its namespace.',
});

export type InfraSettings = z.output<typeof infraSettings>;
