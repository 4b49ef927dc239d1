import type { Manifest } from '@dozlab/charts/yaml';
import type { LimitRangeItem } from '../../src/admission/limit-range';
import type { PodSecurityLevel } from '../../src/admission/pod-security';
import type { Quantities } from '../../src/admission/resource-list';
import type { ScopeSelector } from '../../src/admission/quota';
import { nano, type Quantity } from '../../src/api/values/quantity';
import type { Random } from './random';

/** Random settings of a namespace, and random objects for it. All settings are valid; objects need not be admitted. */

export interface QuotaSetting {
  readonly name: string;
  readonly hard: Quantities;
  readonly scopes: readonly ScopeSelector[];
}

export interface Setting {
  readonly podSecurity: PodSecurityLevel;
  readonly limitRange: readonly LimitRangeItem[];
  readonly quotas: readonly QuotaSetting[];
  /** @default none */
  readonly policy?: string;
  readonly objects: readonly Manifest[];
}

const GPU = 'example.com/gpu';
const PAGES = 'hugepages-2Mi';
export const PRIORITIES = ['dozlab-test-low', 'dozlab-test-high'] as const;

type Amount = (random: Random, most: number) => string | number;

/** Of small ranges, so that requests, limits and bounds often meet. */
const AMOUNTS: Readonly<Record<string, Amount>> = {
  cpu: (random, most) =>
    random.pick([
      `${String(random.whole(0, most) * 100)}m`,
      random.whole(0, most) / 10,
      `${String(random.whole(0, most))}00.5m`,
      `${String(random.whole(0, most))}e-1`,
      `${String(random.whole(0, most))}00000001n`,
    ]),
  memory: (random, most) =>
    random.pick([
      `${String(random.whole(0, most) * 128)}Mi`,
      `${String(random.whole(0, most))}e8`,
      `${String(random.whole(0, most) / 8)}Gi`,
      `${String(random.whole(0, most))}E8`,
      `${String(random.whole(0, most))}00000000001m`,
    ]),
  'ephemeral-storage': (random, most) =>
    random.pick([
      `${String(random.whole(0, most))}Gi`,
      `${String(random.whole(0, most))}e9`,
      `.${String(random.whole(0, 9))}Ti`,
    ]),
  [GPU]: (random, most) => random.whole(0, Math.ceil(most / 4)),
  [PAGES]: (random, most) => `${String(random.whole(1, most) * 2)}Mi`,
};

const RESOURCES = Object.keys(AMOUNTS);

const amountOf = (random: Random, resource: string, most: number): string | number =>
  AMOUNTS[resource]?.(random, most) ?? 0;

const someResources = (
  random: Random,
  share: number,
  most: number,
  among = RESOURCES,
): Record<string, string | number> =>
  Object.fromEntries(
    among.filter(() => random.chance(share)).map((resource) => [resource, amountOf(random, resource, most)]),
  );

const some = <T>(random: Random, share: number, make: () => T): T | undefined =>
  random.chance(share) ? make() : undefined;

const many = <T>(random: Random, least: number, most: number, make: (index: number) => T): T[] =>
  Array.from({ length: random.whole(least, most) }, (_, index) => make(index));

const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** Mostly a request below its limit, and equal amounts of what is not overcommitted. */
function resources(random: Random): object {
  const limits = someResources(random, 0.5, 12);
  const requests = someResources(random, 0.4, 8);
  const single = random.chance(0.9) ? [GPU, PAGES] : [];
  const equal = single.map((name) => [name, random.chance(0.5) ? limits[name] : undefined]);
  const asked = defined({ ...requests, ...Object.fromEntries(equal) }) as Quantities;
  return defined({ limits: some(random, 0.8, () => limits), requests: some(random, 0.8, () => asked) });
}

const IMAGES = ['busybox', 'example.com/lab:1', 'example.com/lab:2', 'quay.io/jetstack/cert-manager-acmesolver:v1'];

/** Without what contradicts itself. */
function context(random: Random): object {
  const adds = some(random, 0.3, () => random.pick(['NET_ADMIN', 'NET_BIND_SERVICE', 'CHOWN', 'SYS_ADMIN']));
  const isPrivileged = random.chance(0.05);
  const escalates = isPrivileged || adds === 'SYS_ADMIN' ? undefined : some(random, 0.7, () => random.chance(0.1));
  return defined({
    privileged: isPrivileged ? true : undefined,
    allowPrivilegeEscalation: escalates,
    runAsNonRoot: some(random, 0.6, () => random.chance(0.9)),
    runAsUser: some(random, 0.3, () => random.pick([0, 1000, 1000])),
    capabilities: some(random, 0.7, () =>
      defined({ add: adds === undefined ? undefined : [adds], drop: some(random, 0.8, () => ['ALL']) }),
    ),
    seccompProfile: some(random, 0.4, () => ({ type: random.pick(PROFILES) })),
    seLinuxOptions: some(random, 0.1, () =>
      random.pick([{ type: 'container_t' }, { type: 'spc_t' }, { user: 'u' }, { level: 's0' }]),
    ),
    procMount: some(random, 0.05, () => 'Default'),
    appArmorProfile: some(random, 0.1, () => ({ type: random.pick(PROFILES) })),
  });
}

const PROFILES = ['RuntimeDefault', 'RuntimeDefault', 'Unconfined'];

const PORTS = ['', 'init-0', 'init-1', 'main-0', 'main-1', 'main-2'];

const container = (random: Random, name: string): Record<string, unknown> =>
  defined({
    name,
    image: random.pick(IMAGES),
    resources: some(random, 0.9, () => resources(random)),
    securityContext: some(random, 0.6, () => context(random)),
    ports: some(random, 0.15, () => [
      defined({ containerPort: 80, hostPort: some(random, 0.4, () => PORTS.indexOf(name) + 1) }),
    ]),
    livenessProbe: some(random, 0.1, () => ({
      httpGet: defined({ port: 80, host: some(random, 0.4, () => '127.0.0.1') }),
    })),
    lifecycle: some(random, 0.05, () => ({
      preStop: { tcpSocket: defined({ port: 80, host: some(random, 0.5, () => 'h') }) },
    })),
  });

const LABELS: readonly object[] = [
  { app: 'lab-environment', 'session-id': 'x' },
  { app: 'lab-environment', 'session-id': 'x' },
  { app: 'lab-environment' },
  { 'dozlab.io/test-of': 'x' },
  { 'acme.cert-manager.io/http01-solver': 'true' },
  { 'acme.cert-manager.io/http01-solver': 'false' },
  {},
];

const VOLUMES: readonly object[] = [
  { emptyDir: {} },
  { configMap: { name: 'x' } },
  { persistentVolumeClaim: { claimName: 'x' } },
  { hostPath: { path: '/x' } },
  { nfs: { server: 'x', path: '/x' } },
  { projected: { sources: [{ serviceAccountToken: { path: 'x' } }] } },
  { projected: { sources: [{ secret: { name: 'x' } }] } },
];

const term = (random: Random): object =>
  defined({
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: {},
    namespaces: some(random, 0.3, () => ['other']),
    namespaceSelector: some(random, 0.3, () => ({})),
  });

const affinity = (random: Random): object => ({
  [random.pick(['podAffinity', 'podAntiAffinity'])]: random.chance(0.5)
    ? { requiredDuringSchedulingIgnoredDuringExecution: [term(random)] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(random) }] },
});

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/main-0';

/** No scheduler takes it, so that nothing changes it. */
function pod(random: Random, name: string): Manifest {
  const onHost = random.chance(0.05);
  const initContainers = many(random, 0, 2, (index) => {
    const { livenessProbe, lifecycle, ...plain } = container(random, `init-${String(index)}`);
    return random.chance(0.4) ? defined({ ...plain, livenessProbe, lifecycle, restartPolicy: 'Always' }) : plain;
  });
  const containers = many(random, 1, 3, (index) => container(random, `main-${String(index)}`));
  const annotated = some(random, 0.05, () => ({ [APP_ARMOR]: random.pick(['runtime/default', 'unconfined']) }));
  const spec = defined({
    schedulerName: 'none',
    automountServiceAccountToken: some(random, 0.8, () => false),
    initContainers,
    containers,
    resources: some(random, 0.2, () =>
      defined({
        limits: some(random, 0.7, () => someResources(random, 0.6, 40, ['cpu', 'memory', PAGES])),
        requests: some(random, 0.5, () => someResources(random, 0.6, 20, ['cpu', 'memory'])),
      }),
    ),
    activeDeadlineSeconds: some(random, 0.3, () => 3600),
    priorityClassName: some(random, 0.4, () => random.pick(PRIORITIES)),
    affinity: some(random, 0.3, () => affinity(random)),
    hostUsers: some(random, 0.1, () => random.chance(0.5)),
    securityContext: some(random, 0.5, () =>
      defined({
        runAsNonRoot: some(random, 0.5, () => random.chance(0.9)),
        runAsUser: some(random, 0.2, () => random.pick([0, 1000])),
        seccompProfile: some(random, 0.6, () => ({ type: random.pick(PROFILES) })),
        sysctls: some(random, 0.1, () => [{ name: random.pick(['net.ipv4.tcp_rmem', 'kernel.msgmax']), value: '1' }]),
      }),
    ),
    volumes: some(random, 0.4, () =>
      many(random, 1, 2, (index) => ({ name: `v${String(index)}`, ...random.pick(VOLUMES) })),
    ),
  });
  const metadata = { name, labels: random.pick(LABELS) };
  if (onHost) return { apiVersion: 'v1', kind: 'Pod', metadata, spec: hostPod(spec, containers, random) };
  if (annotated === undefined) return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  const annotatedMetadata = { ...metadata, annotations: annotated };
  // An annotation and a field would contradict each other.
  const plain = containers.map((each) => ({ ...each, securityContext: undefined })).map(defined);
  return { apiVersion: 'v1', kind: 'Pod', metadata: annotatedMetadata, spec: { ...spec, containers: plain } }; // prettier-ignore
}

/** All ports become ports of the host, and it has each once. */
const hostPod = (spec: object, [first = {}]: readonly object[], random: Random): object => ({
  schedulerName: 'none',
  ...defined({ ...spec, initContainers: undefined, hostUsers: undefined, securityContext: undefined }),
  hostNetwork: true,
  containers: [defined({ ...first, ports: some(random, 0.5, () => [{ containerPort: 80 }]) })],
});

const CLASSES = ['gold', 'silver'] as const;

const claim = (random: Random, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: defined({
    accessModes: ['ReadWriteOnce'],
    storageClassName: some(random, 0.7, () => random.pick([...CLASSES, ''])),
    volumeAttributesClassName: some(random, 0.3, () => random.pick(CLASSES)),
    resources: {
      requests: { storage: random.pick([`${String(random.whole(1, 8))}Gi`, '1.000000001Gi', '2000000000.5']) },
    },
  }),
});

function service(random: Random, name: string): Manifest {
  const type = random.pick(['ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer']);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: defined({
      type,
      ports: many(random, 1, 3, (index) => ({ name: `p${String(index)}`, port: 80 + index })),
      allocateLoadBalancerNodePorts: type === 'LoadBalancer' ? some(random, 0.6, () => random.chance(0.3)) : undefined,
    }),
  };
}

const OTHERS: readonly ((name: string) => Manifest)[] = [
  (name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }),
  (name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } }),
  (name) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: { podSelector: {} },
  }),
  (name) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name },
    spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
  }),
  // Paused, so that no controller makes more of it.
  (name) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      paused: true,
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'busybox' }] } },
    },
  }),
];

const objectOf = (random: Random, name: string): Manifest => {
  const kind = random.next();
  if (kind < 0.55) return pod(random, name);
  if (kind < 0.7) return claim(random, name);
  return kind < 0.82 ? service(random, name) : random.pick(OTHERS)(name);
};

const isMore = (one: Quantity | undefined, other: Quantity | undefined): boolean =>
  one !== undefined && other !== undefined && nano(one) > nano(other);

const BOUNDS = ['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

type Bounds = Partial<Record<(typeof BOUNDS)[number], Quantity | undefined>>;

/** The API server refuses bounds that contradict each other. */
function boundsOf(random: Random, resource: string, isOfContainers: boolean): Bounds {
  const given = (share: number, most: number) => some(random, share, () => amountOf(random, resource, most));
  const max = given(0.25, isOfContainers ? 14 : 40);
  const least = given(0.125, 3);
  const [limit, request] = isOfContainers ? [given(0.25, 10), given(0.25, 6)] : [];
  const fits = (amount: Quantity | undefined): boolean => !isMore(amount, max) && !isMore(least, amount);
  const own = fits(limit) ? limit : undefined;
  // The default limit is the maximum, and what is not overcommitted has one amount.
  const isSingle = (resource === GPU || resource === PAGES) && isOfContainers;
  const hasRequest = !isSingle && fits(request) && !isMore(request, own ?? max);
  const min = isMore(least, own ?? max) ? undefined : least;
  const ratio = some(random, 0.06, () => random.pick([1, 2, '1500m', 3]));
  return {
    min,
    max,
    default: own,
    defaultRequest: hasRequest ? request : undefined,
    maxLimitRequestRatio: min === undefined ? ratio : undefined,
  };
}

function bounds(random: Random, type: string): LimitRangeItem {
  const all = RESOURCES.map((name) => [name, boundsOf(random, name, type === 'Container')] as const);
  const kinds = BOUNDS.map((kind) => [
    kind,
    defined(Object.fromEntries(all.map(([name, each]) => [name, each[kind]]))),
  ]);
  return { type, ...(Object.fromEntries(kinds) as Omit<LimitRangeItem, 'type'>) };
}

function limitRange(random: Random): LimitRangeItem[] {
  const items = ['Container', 'Pod'].filter((_, index) => random.chance(index === 0 ? 0.6 : 0.2)).map((type) => bounds(random, type)); // prettier-ignore
  if (!random.chance(0.3)) return items;
  return [...items, { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: `${String(random.whole(2, 6))}Gi` } }]; // prettier-ignore
}

const COUNTED: readonly string[] = [
  ...['pods', 'count/pods', 'services', 'services.nodeports', 'services.loadbalancers', 'persistentvolumeclaims'],
  ...['secrets', 'count/secrets', 'configmaps', 'count/configmaps', 'count/services', 'count/persistentvolumeclaims'],
  ...['count/deployments.apps', 'count/ingresses.networking.k8s.io', 'count/networkpolicies.networking.k8s.io'],
  ...['count/deployments', 'count/ingresses.extensions', 'count/Pods', GPU, `limits.${GPU}`, `count/jobs.batch`],
  ...['gold.storageclass.storage.k8s.io/persistentvolumeclaims', `requests.${GPU}`],
];

const MEASURED: Readonly<Record<string, string>> = {
  cpu: 'cpu',
  'requests.cpu': 'cpu',
  'limits.cpu': 'cpu',
  memory: 'memory',
  'requests.memory': 'memory',
  'limits.memory': 'memory',
  'ephemeral-storage': 'ephemeral-storage',
  'requests.ephemeral-storage': 'ephemeral-storage',
  'limits.ephemeral-storage': 'ephemeral-storage',
  [PAGES]: PAGES,
  [`requests.${PAGES}`]: PAGES,
};

const SCOPES = [
  'Terminating',
  'NotTerminating',
  'NotBestEffort',
  'CrossNamespacePodAffinity',
  'PriorityClass',
] as const;
const WITH_SCOPES = ['pods', 'cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

const priorities = (random: Random): ScopeSelector => {
  const operator = random.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
  return {
    scopeName: 'PriorityClass',
    operator,
    ...(operator.endsWith('In') ? { values: [random.pick(PRIORITIES)] } : {}),
  };
};

function quota(random: Random, name: string): QuotaSetting {
  const chosen = random.next();
  const counted = (keys: readonly string[], share: number): Quantities =>
    Object.fromEntries(keys.filter(() => random.chance(share)).map((key) => [key, random.whole(0, 3)]));
  const measured = (keys: readonly string[], share: number): Quantities =>
    Object.fromEntries(
      keys.filter(() => random.chance(share)).map((key) => [key, amountOf(random, MEASURED[key] ?? '', 60)]),
    );
  if (chosen < 0.1) {
    const operator = random.pick(['Exists', 'In', 'NotIn']);
    const scope = {
      scopeName: 'VolumeAttributesClass',
      operator,
      ...(operator === 'Exists' ? {} : { values: ['gold'] }),
    };
    return { name, hard: { persistentvolumeclaims: random.whole(0, 2), 'requests.storage': '4Gi' }, scopes: [scope] };
  }
  if (chosen < 0.2) return { name, hard: { pods: random.whole(0, 1), 'count/pods': 3 }, scopes: [{ scopeName: 'BestEffort', operator: 'Exists' }] }; // prettier-ignore
  if (chosen < 0.5) {
    const scope = random.pick(SCOPES);
    const own = scope === 'PriorityClass' ? priorities(random) : { scopeName: scope, operator: 'Exists' };
    const more =
      scope !== 'NotBestEffort' && random.chance(0.2) ? [{ scopeName: 'NotBestEffort', operator: 'Exists' }] : [];
    const hard = { ...measured(WITH_SCOPES.slice(1), 0.25), ...counted(['pods'], 0.7) };
    return { name, hard: { 'count/pods': 9, ...hard }, scopes: [own, ...more] };
  }
  const storage = {
    'requests.storage': `${String(random.whole(0, 12))}Gi`,
    'silver.storageclass.storage.k8s.io/requests.storage': '3Gi',
  };
  return {
    name,
    hard: {
      ...counted(COUNTED, 0.12),
      ...measured(Object.keys(MEASURED), random.pick([0, 0.05, 0.25])),
      ...Object.fromEntries(Object.entries(storage).filter(() => random.chance(0.2))),
    },
    scopes: [],
  };
}

export const randomSetting = (random: Random, policies: readonly string[]): Setting =>
  defined({
    podSecurity: random.pick<PodSecurityLevel>(['privileged', 'privileged', 'privileged', 'baseline', 'restricted']),
    limitRange: limitRange(random),
    quotas: many(random, 0, 2, (index) => quota(random, `quota-${String(index)}`)),
    policy: some(random, 0.25, () => random.pick(policies)),
    objects: many(random, 3, 8, (index) => objectOf(random, `object-${String(index)}`)),
  });
