import type { z } from 'zod';
import {
  flag,
  labelMap,
  labelName,
  list,
  matching,
  object,
  objectName,
  oneLine,
  oneOf,
  section,
  whole,
} from '../values/fields';
import { nano } from '../values/quantity';
import { containerAmounts, quotaLimits } from './quota-limits';
import { QUOTA_PRESETS } from './quota-presets';

/** What stands around the sessions of a cohort, in its namespace. */

const quota = section({
  enabled: flag().default(true).meta({
    description: 'Write a ResourceQuota: where maxSessions, a preset or hard says how much.',
  }),
  preset: oneOf(...QUOTA_PRESETS)
    .optional()
    .meta({
      description:
        'A quota by name: dozlab-quota (50 CPUs, 100Gi, 50 pods, no claims) or lab-sessions-quota (20 CPUs, 40Gi, 10 pods). Not given, it is computed from maxSessions and the size of a session.',
    }),
  lab: objectName()
    .optional()
    .meta({ description: 'The lab whose size a session is counted with; the largest of labs/ when it is not given.' }),
  hard: quotaLimits()
    .default({})
    .meta({ description: 'Limits by resource name, over those of the preset or the computed ones.' }),
}).meta({ description: 'How much the sessions of a namespace may take together.' });

const limitRange = section({
  enabled: flag().default(true).meta({ description: 'Write a LimitRange.' }),
  defaultRequest: containerAmounts()
    .default({ cpu: '10m', memory: '32Mi' })
    .meta({ description: 'What a container asks for that does not say: a quota refuses pods that ask for nothing.' }),
  max: containerAmounts().default({}).meta({
    description: 'Most that a single container may take. Kubernetes makes it the limit of containers that set none.',
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
    }
  })
  .meta({ description: 'Bounds for single containers.' });

const networkPolicy = section({
  defaultDeny: flag().default(true).meta({
    description: 'Deny all traffic of pods that no other policy allows, in a namespace that is the project’s own.',
  }),
  isolation: flag().default(true).meta({
    description:
      'Write one policy for all sessions, with the rules of the values networkPolicy of project and cohort, beside those that sessions have of their own.',
  }),
  ingressNamespaceLabels: labelMap().default({}).meta({
    description:
      'Labels of more namespaces that may reach sessions, such as name: ingress-nginx; the values networkPolicy.ingressNamespaces name others.',
  }),
}).meta({ description: 'Isolation of the namespace.' });

const podPolicy = section({
  enabled: flag().default(true).meta({
    description:
      'Write a ValidatingAdmissionPolicy (Kubernetes 1.30) that refuses pods that are no sessions, and other images, in a namespace that is the project’s own.',
  }),
  images: list(oneLine(512, 'an image reference; one that ends in * stands for all that begin so'))
    .default([])
    .meta({ description: 'Images beside those that project, labs and cohort name; * at the end stands for anything.' }),
  acmeSolverImages: list(oneLine(512, 'an image reference; one that ends in * stands for all that begin so'))
    .default(['quay.io/jetstack/cert-manager-acmesolver:*'])
    .meta({ description: "Images of cert-manager's pods that answer ACME challenges." }),
}).meta({ description: 'Which pods the namespace admits.' });

const groups = () => list(oneLine(256)).default([]);

const roles = section({
  sessionManager: section({
    enabled: flag().default(true).meta({ description: 'Let the session manager run sessions in the namespace.' }),
    name: objectName().default('dozlab-session-manager').meta({ description: 'Its service account.' }),
    namespace: matching(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
      'at most 63 of a-z, 0-9 and -, with a letter or digit at both ends',
      63,
    )
      .default('dozlab-system')
      .meta({ description: 'Namespace of its service account.' }),
  }).meta({ description: 'The identity of a session manager.' }),
  viewers: section({
    groups: groups().meta({ description: 'Groups that may look at sessions.' }),
  }).meta({ description: 'Who may look.' }),
  instructors: section({
    groups: groups().meta({ description: 'Groups that may enter, stop and restart sessions.' }),
    readPasswords: flag().default(false).meta({ description: 'Let instructors read the passwords of VS Code.' }),
  }).meta({ description: 'Who teaches.' }),
}).meta({ description: 'Who may do what in the namespace.' });

const INTERVAL = 'a time such as 30s or 1h30m, from the greatest unit to the least';

const PORT_NAME = 'the name of a port, such as terminal: no number';

const podMonitor = section({
  enabled: flag().default(false).meta({ description: 'Write a PodMonitor of the Prometheus Operator.' }),
  port: matching(/^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, PORT_NAME, 15)
    .refine((name) => /[a-z]/.test(name) && !name.includes('--'), { error: PORT_NAME })
    .default('terminal')
    .meta({ description: 'Port of the pods that metrics are read from.' }),
  path: matching(/^\/[^\s]*$/, 'a path that begins with /')
    .default('/metrics')
    .meta({ description: 'Path of the metrics.' }),
  interval: matching(/^([1-9][0-9]{0,5}h)?([1-9][0-9]{0,5}m)?([1-9][0-9]{0,5}s)?([1-9][0-9]{0,5}ms)?$/, INTERVAL, 20)
    .min(1, { error: INTERVAL })
    .default('30s')
    .meta({ description: 'Time between two readings.' }),
  namespace: labelName()
    .default('monitoring')
    .meta({ description: 'Namespace of Prometheus, whose pods may then reach that port.' }),
}).meta({ description: 'Metrics of sessions.' });

/** A time span as Flux and Prometheus write it. */
export function duration() {
  return matching(/^([1-9][0-9]{0,5}(ms|s|m|h))+$/, 'a time such as 30s, 5m or 1h30m', 20);
}

/** What stands around sessions, key by key in dozlab.yaml and in a cohort. */
export const infraSettings = section({ quota, limitRange, networkPolicy, podPolicy, roles, podMonitor }).meta({
  description: 'What stands around the sessions of a cohort, in its namespace.',
});

export type InfraSettings = z.output<typeof infraSettings>;

const image = (given: string) => matching(/^[a-zA-Z0-9][-a-zA-Z0-9._/:@]*$/, 'an image reference', 512).default(given);

/** What runs on nodes for all sessions: in dozlab.yaml alone. */
export const nodeSettings = section({
  devicePlugin: section({
    enabled: flag().default(false).meta({
      description:
        'Write a DaemonSet that offers /dev/kvm and /dev/net/tun, under the names of the values firecracker.devices.',
    }),
    image: image('squat/generic-device-plugin:latest').meta({ description: 'Image of the generic device plugin.' }),
    count: whole(1, 10_000).default(100).meta({ description: 'How many sessions a node may give the devices to.' }),
    nodeSelector: labelMap().default({}).meta({ description: 'Labels of the nodes that have the devices.' }),
  }).meta({ description: 'The devices that the microVM needs.' }),
  prePull: section({
    enabled: flag()
      .default(false)
      .meta({ description: 'Write a DaemonSet for each lab that pulls its images onto the nodes.' }),
    labs: list(objectName()).default([]).meta({ description: 'The labs; all when none is named.' }),
    pauseImage: image('registry.k8s.io/pause:3.10').meta({ description: 'Image of what stays when all is pulled.' }),
    copyImage: image('busybox:stable-musl').meta({
      description: 'Image whose statically linked busybox is run in the others, which may have no program that ends.',
    }),
    imagePullSecrets: list(objectName())
      .refine((names) => new Set(names).size === names.length, { error: 'a list that names each Secret once' })
      .default([])
      .meta({ description: 'Secrets in the namespace dozlab-pre-pull with credentials of registries.' }),
    nodeSelector: labelMap().default({}).meta({ description: 'Labels of the nodes.' }),
  }).meta({ description: 'Images that are on the nodes before a class begins.' }),
  priorityClass: section({
    enabled: flag()
      .default(false)
      .meta({ description: 'Write a PriorityClass, for sessions whose value priorityClassName names it.' }),
    name: objectName()
      .refine((name) => !name.startsWith('system-'), {
        error: 'any other name, as Kubernetes keeps those that begin with system- for itself',
      })
      .default('dozlab-session')
      .meta({ description: 'Its name.' }),
    value: whole(-2_000_000_000, 1_000_000_000).default(1000).meta({ description: 'Priority: the higher goes first.' }),
    preempts: flag().default(false).meta({ description: 'Whether sessions may drive out pods of lower priority.' }),
  }).meta({ description: 'Rank of sessions among other pods.' }),
}).meta({ description: 'What nodes and scheduler do for sessions.' });

export type NodeSettings = z.output<typeof nodeSettings>;

const secretReference = (what: string) =>
  objectName()
    .optional()
    .meta({ description: `Secret with the credentials of ${what}, in the namespace of each source.` });

const artifacts = object({
  url: matching(
    /^oci:\/\/[A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+$/,
    'a URL such as oci://registry.example.com/labs, with the path in lower case',
    2048,
  ).meta({ description: 'Where the artifacts are: each cohort has the repository of its name below it.' }),
  tag: matching(/^[A-Za-z0-9_][-A-Za-z0-9._]*$/, 'a tag: at most 128 of A-Z, a-z, 0-9, -, _ and .', 128)
    .default('latest')
    .meta({ description: 'Tag that is published, and that Flux follows.' }),
  interval: duration().default('1m').meta({ description: 'Time between two looks at an artifact.' }),
  secretRef: secretReference('the registry'),
  insecure: flag().default(false).meta({ description: 'Reach the registry without TLS.' }),
});

/** How Flux brings all this into the cluster. */
export const fluxSettings = section({
  namespace: matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a namespace', 63)
    .default('flux-system')
    .meta({ description: 'Namespace of Flux, with its sources and Kustomizations.' }),
  source: section({
    kind: oneOf('GitRepository', 'OCIRepository')
      .default('GitRepository')
      .meta({ description: 'Where the files of this project come from.' }),
    name: objectName()
      .default('dozlab-infra')
      .meta({ description: 'Its name; that of one of your own when url is not given.' }),
    url: matching(
      /^(https?|ssh|oci):\/\/[A-Za-z0-9@][-A-Za-z0-9.:_~/@%]*$/,
      'an https, http, ssh or oci URL without a password; for git@github.com:owner/name.git write ssh://git@github.com/owner/name.git',
      2048,
    )
      .refine((url) => !/:\/\/[^/@]*:[^/@]*@/.test(url), { error: 'a URL without a password' })
      .optional()
      .meta({ description: 'URL of the repository of this project; not given, the source is one that you make.' }),
    branch: oneLine(244).default('main').meta({ description: 'Branch of a GitRepository.' }),
    tag: oneLine(128).default('latest').meta({ description: 'Tag of an OCIRepository.' }),
    secretRef: secretReference('the repository'),
    insecure: flag().default(false).meta({ description: 'Reach an OCIRepository without TLS.' }),
    interval: duration().default('1m').meta({ description: 'Time between two looks at the repository.' }),
    path: matching(/^\.(\/[-A-Za-z0-9._]+)*$/, 'a path such as . or ./labs')
      .default('.')
      .meta({ description: 'Folder of this project in the repository.' }),
  })
    .superRefine(({ kind, url }, context) => {
      if (url !== undefined && url.startsWith('oci://') !== (kind === 'OCIRepository'))
        context.addIssue({
          code: 'custom',
          path: ['url'],
          message: kind === 'OCIRepository' ? 'an oci URL' : 'an https, http or ssh URL, or the kind OCIRepository',
        });
    })
    .meta({ description: 'The repository that Flux reads.' }),
  artifacts: artifacts.optional().meta({
    description:
      'A registry that Flux takes the sessions of each cohort from, in place of the repository: url (oci://…), and if wanted tag (latest), interval (1m), secretRef and insecure. dozlab publish pushes them.',
  }),
  shards: list(labelName())
    .refine((names) => new Set(names).size === names.length, { error: 'a list that names each shard once' })
    .default([])
    .meta({
      description:
        'Keys of the shards of Flux that the cohorts are spread over, each by its name unless it says which. What cohorts share is left to the Flux that has none.',
    }),
  interval: duration().default('10m').meta({ description: 'Time after which Flux applies everything anew.' }),
  retryInterval: duration().default('1m').meta({ description: 'Time after which Flux tries again what failed.' }),
  timeout: duration().default('5m').meta({ description: 'Most time that applying may take.' }),
}).meta({ description: 'How Flux brings all this into the cluster.' });

export type FluxSettings = z.output<typeof fluxSettings>;

/** Where the artifacts of cohorts are. */
export type ArtifactSettings = z.output<typeof artifacts>;

/** Where the chart of a cohort's releases comes from. */
export const chartSettings = section({
  version: matching(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$/, 'a version such as 0.1.0', 64)
    .optional()
    .meta({
      description:
        'Version of the chart that releases stay at: that of the folder charts/lab-session-<version>, or of oci. Not given, they follow dist/charts/lab-session.',
    }),
  oci: object({
    url: matching(
      /^oci:\/\/[A-Za-z0-9][-A-Za-z0-9.:_~/]*$/,
      'a URL such as oci://registry.example.com/charts/lab-session',
      2048,
    ).meta({
      description: 'Repository of the chart in a registry.',
    }),
    digest: matching(/^sha256:[a-f0-9]{64}$/, 'sha256: and 64 hex digits', 71)
      .optional()
      .meta({ description: 'Digest that the chart must have.' }),
    secretRef: secretReference('the registry'),
    insecure: flag().default(false).meta({ description: 'Reach the registry without TLS.' }),
  })
    .optional()
    .meta({
      description:
        'A registry that the chart comes from, in place of the repository: url (oci://…), and if wanted digest, secretRef and insecure.',
    }),
}).meta({ description: 'For the delivery helm: where the chart comes from.' });

export type ChartSettings = z.output<typeof chartSettings>;
