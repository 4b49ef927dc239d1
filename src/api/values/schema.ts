import type { z } from 'zod';
import {
  blockedRanges,
  annotationMap,
  dateTime,
  flag,
  ipv4Address,
  labelMap,
  labelName,
  listField,
  matching,
  object,
  objectName,
  oneLine,
  oneOf,
  passwordText,
  quantityField,
  section,
  webAddress,
  whole,
  wholeOrText,
} from './fields';
import { capabilities, MICROVM_CAPABILITIES } from './capabilities';
import { codeServerShape, firecrackerShape, initContainers, pullPolicy, terminal } from './containers';
import { egressRules, imagePullSecrets, ingressRules, secretKey } from './kubernetes';
import { affinity, tolerations, topologySpreadConstraints } from './scheduling';
import { httpRoute, ingress, PLACEHOLDERS, service } from './routes';
import { DISK_SIZE } from './sizing';

/** Keeps `lab-service-<id>` within 63 characters. */
export const LONGEST_ID = 51;

export const sessionId = () =>
  matching(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    `1 to ${String(LONGEST_ID)} of a-z, 0-9 and -, with a letter or digit at both ends`,
    LONGEST_ID,
  );

export const userId = () => oneLine(256);

const session = object({
  id: sessionId().meta({
    description: "The session's id, unique in its namespace. In a project: metadata.name of the session's file.",
  }),
  userId: userId().meta({
    description:
      'Whom the session is for: any text. Made a valid label value for the label user-id, kept exactly in the annotation dozlab.io/user-id. In a project: spec.userId.',
  }),
  expiresAt: dateTime().optional().meta({
    description:
      'When the session ends, as the annotation dozlab.io/expires-at. The cluster does not end it. In a project: spec.expiresAt.',
  }),
}).meta({ description: 'The session.' });

const rootfs = object({
  imageUrl: webAddress().meta({
    description:
      'Where the root file system (an ext4 image) is downloaded from. It needs an SSH server and a Docker daemon on tcp://0.0.0.0:2375.',
  }),
  diskSize: matching(DISK_SIZE, "a whole number and K, M, G or T, such as 4G, in resize2fs's powers of 1024", 10)
    .default('4G')
    .meta({
      description: 'Size that the file system is grown to. An image that is larger keeps its size.',
      unit: 'powers of 1024 bytes',
    }),
  sha256: matching(/^([A-Fa-f0-9]{64})?$/, '64 hex digits, as sha256sum prints them, or nothing', 64)
    .optional()
    .meta({
      description:
        'SHA-256 of the downloaded file. The init container refuses another file. Empty or not given: any file.',
    }),
}).meta({ description: 'The root file system of the microVM.' });

const network = section({
  gatewayIp: ipv4Address().default('172.16.0.1').meta({ description: "The pod's address on the link to the microVM." }),
  vmIp: ipv4Address().default('172.16.0.2').meta({ description: "The microVM's address, in the same /24." }),
  tapDevice: matching(/^[A-Za-z0-9_-]{1,15}$/, 'an interface name: at most 15 of A-Z, a-z, 0-9, _ and -', 15)
    .default('tap0')
    .meta({ description: 'Name of the tap device.' }),
}).meta({
  description: "The link between the pod and its microVM. It is the pod's own: sessions may share addresses.",
});

const DEVICE_FORM = 'the name of an extended resource such as devices.kubevirt.io/kvm, or nothing';

const device = (name: string) =>
  matching(
    /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
    DEVICE_FORM,
    307,
  )
    .refine((resource) => resource.indexOf('/') <= 244, { error: DEVICE_FORM })
    .default(`devices.kubevirt.io/${name}`)
    .meta({
      description: `Extended resource of the device plugin that gives /dev/${name === 'tun' ? 'net/tun' : name}; empty to ask for none.`,
    });

/** 128 to 1048576. */
const MEBIBYTES =
  /^(12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])$/;

const firecracker = section({
  ...firecrackerShape(),
  vm: section({
    cpuCount: wholeOrText(1, 32, 'CPUs', /^([1-9]|[12][0-9]|3[0-2])$/)
      .default(1)
      .meta({ description: 'CPUs of the microVM.', unit: 'CPUs' }),
    memory: wholeOrText(128, 1048576, 'MiB', MEBIBYTES)
      .default(1024)
      .meta({ description: 'Memory of the microVM.', unit: 'MiB' }),
  }).meta({ description: 'Size of the microVM.' }),
  memoryRequestPercent: whole(1, 100).default(100).meta({
    description:
      'Percentage of the memory of the microVM and 1 GiB that the container requests. Below 100, nodes overcommit memory: they hold more sessions than they have memory for, and kill some when the microVMs use it. Has no effect with firecracker.resources.requests.memory, a fixed request.',
    unit: 'percent',
  }),
  capabilities: capabilities()
    .default([...MICROVM_CAPABILITIES])
    .meta({
      description:
        'Capabilities that the container has beside the defaults of the container runtime. The tap device and its address need NET_ADMIN. The jailer and older images need SYS_ADMIN and SYS_RESOURCE too.',
    }),
  devices: section({ kvm: device('kvm'), tun: device('tun') }).meta({
    description: 'Devices that the microVM needs. Without privileged containers only a device plugin gives them.',
  }),
}).meta({ description: 'The container that runs the microVM.' });

const codeServer = section({
  ...codeServerShape(),
  password: passwordText().optional().meta({
    description:
      'Password of VS Code; makes the Secret. For ad-hoc use of the chart only: never put it into a file that is kept.',
    secret: true,
  }),
  existingSecret: objectName().optional().meta({
    description: 'Secret with the password of VS Code; lab-session-<id>-secrets when it is not given.',
  }),
  existingSecretKey: secretKey().default('vscode-password').meta({ description: 'Key of the password in the Secret.' }),
  workspaceReadOnly: flag().default(false).meta({ description: 'Mount the workspace read-only.' }),
}).meta({ description: 'VS Code in the browser.' });

const sizeLimit = (given: string, description: string) =>
  quantityField().default(given).meta({ description, unit: 'bytes' });

const persistence = section({
  enabled: flag()
    .default(false)
    .meta({ description: 'Keep the volume in a claim, which outlives the pod. It ends with the session.' }),
  existingClaim: matching(/^[a-z0-9{][-a-z0-9.{}]*$/, `the name of a claim such as work-{id}; ${PLACEHOLDERS}`)
    .optional()
    .meta({
      description: `Use this claim instead of making one. It outlives the session. A pattern: ${PLACEHOLDERS}. No two sessions of a namespace may use one claim.`,
    }),
  storageClassName: objectName()
    .optional()
    .meta({ description: "StorageClass of the claim; the cluster's default when it is not given." }),
  accessModes: listField(oneOf('ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'), 3)
    .min(1, { error: 'a list of at least one access mode' })
    .default(['ReadWriteOnce'])
    .meta({ description: 'Access modes of the claim.' }),
}).meta({ description: 'Keep what is in the volume when the pod is replaced.' });

const volumes = section({
  kernels: section({
    sizeLimit: quantityField().optional().meta({
      description: 'Room for the root file system. Follows rootfs.diskSize when it is not given: 1 GiB more.',
      unit: 'bytes',
    }),
    persistence,
  }).meta({ description: 'The prepared root file system.' }),
  vmData: section({ sizeLimit: sizeLimit('5Gi', 'Room for the working directory of the microVM.'), persistence }).meta({
    description: 'The working directory, which is the workspace of VS Code too.',
  }),
  vscodeData: section({
    sizeLimit: sizeLimit('1Gi', 'Room for settings and extensions of VS Code.'),
    persistence,
  }).meta({
    description: 'The home directory of VS Code.',
  }),
  sharedConfig: section({ sizeLimit: sizeLimit('10Mi', 'Room for the network configuration.') }).meta({
    description: 'What the containers tell each other.',
  }),
}).meta({ description: 'Volumes. What is not kept by persistence is lost when the pod is replaced.' });

const networkPolicy = section({
  enabled: flag().default(true).meta({ description: 'Make the NetworkPolicy.' }),
  ingressNamespaces: listField(labelName()).default(['ingress-nginx']).meta({
    description:
      'Namespaces (by their label kubernetes.io/metadata.name) whose pods may reach VS Code, the terminal and SSH.',
  }),
  blockedRanges: blockedRanges().meta({
    description: 'Addresses that the session may not reach. All other IPv4 addresses it may, and the cluster DNS.',
  }),
  extraIngress: ingressRules()
    .default([])
    .meta({ description: "More rules, in the form of a NetworkPolicy's ingress." }),
  extraEgress: egressRules().default([]).meta({ description: "More rules, in the form of a NetworkPolicy's egress." }),
}).meta({ description: 'Isolation of the session from the rest of the cluster.' });

/** All values of a session. Rules over several values are in `api/rules`. */
export const valuesSchema = object({
  session,
  labels: labelMap().default({}).meta({
    description: "Labels of the session's objects, but not of its pod: these can change while the session runs.",
  }),
  podLabels: labelMap()
    .default({})
    .meta({ description: 'Labels of the pod. A change replaces the pod, and what is not persistent is lost.' }),
  annotations: annotationMap()
    .default({})
    .meta({ description: "Annotations of the session's objects, but not of its pod." }),
  suspended: flag().optional().meta({
    description:
      'true stops the session, false starts it again. Not given, the number of replicas stays as it is in the cluster. A suspended Pod is not made. In a project: spec.suspended.',
  }),
  rootfs,
  network,
  imagePullPolicy: pullPolicy()
    .optional()
    .meta({ description: 'When images are pulled; as Kubernetes decides when it is not given.' }),
  imagePullSecrets: imagePullSecrets()
    .default([])
    .meta({ description: 'Secrets with the credentials of image registries.' }),
  initContainers: initContainers(),
  firecracker,
  terminal: terminal(),
  codeServer,
  service: service(),
  ingress: ingress(),
  httpRoute: httpRoute(),
  networkPolicy,
  volumes,
  workload: section({
    kind: oneOf('Deployment', 'Pod').default('Deployment').meta({ description: 'What runs the pod.' }),
  }).meta({ description: 'The workload.' }),
  restartPolicy: oneOf('Always', 'OnFailure', 'Never').default('Always').meta({
    description: 'When containers are restarted. OnFailure and Never make the workload a Pod.',
  }),
  nodeSelector: labelMap().default({}).meta({ description: 'Labels of the nodes that may run the session.' }),
  tolerations: tolerations().default([]).meta({ description: 'Taints that the session tolerates.' }),
  affinity: affinity().optional().meta({ description: 'Rules of where the session runs.' }),
  topologySpreadConstraints: topologySpreadConstraints()
    .default([])
    .meta({ description: 'How sessions spread over the cluster.' }),
  priorityClassName: objectName().optional().meta({ description: 'PriorityClass of the pod.' }),
  runtimeClassName: objectName().optional().meta({ description: 'RuntimeClass of the pod.' }),
  terminationGracePeriodSeconds: whole(0, 86400)
    .default(30)
    .meta({ description: 'Time that containers have to end.', unit: 'seconds' }),
  progressDeadlineSeconds: whole(1, 86400).default(1800).meta({
    description:
      'Time after which a Deployment that is not ready counts as failed. Long, as the root file system is downloaded first.',
    unit: 'seconds',
  }),
});

/** Values as input: only `session.id`, `session.userId` and `rootfs.imageUrl` are required. */
export type SessionValuesInput = z.input<typeof valuesSchema>;

/** Complete values, with every default. */
export type SessionValues = z.output<typeof valuesSchema>;
