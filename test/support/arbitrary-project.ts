import { cohort, lab, project, session, type Files } from './project';
import type { Random } from './random';

const some = (random: Random, share: number, fields: () => object): object => (random.chance(share) ? fields() : {});

/**
 * Without endpoints: if their controller creates some twice, the API server counts both until it counts anew, after
 * minutes.
 */
const COUNTS = [
  ...['pods', 'count/pods', 'services', 'services.nodeports', 'services.loadbalancers', 'secrets', 'count/secrets'],
  ...['configmaps', 'count/configmaps', 'resourcequotas', 'count/resourcequotas', 'replicationcontrollers'],
  ...['persistentvolumeclaims', 'count/persistentvolumeclaims', 'count/deployments.apps', 'count/replicasets.apps'],
  ...['count/services', 'count/limitranges'],
  ...['count/serviceaccounts', 'count/roles.rbac.authorization.k8s.io', 'count/rolebindings.rbac.authorization.k8s.io'],
  ...['count/networkpolicies.networking.k8s.io', 'count/ingresses.networking.k8s.io', 'count/jobs.batch'],
  ...['count/httproutes.gateway.networking.k8s.io', 'count/deployments', 'count/ingresses.extensions'],
  ...['count/controllerrevisions.apps', 'count/leases.coordination.k8s.io', 'count/podmonitors.monitoring.coreos.com'],
  ...['requests.devices.kubevirt.io/kvm', 'devices.kubevirt.io/kvm', 'limits.devices.kubevirt.io/kvm'],
  ...['gold.storageclass.storage.k8s.io/persistentvolumeclaims', 'requests.example.com/gpu'],
];

const MEASURED: Readonly<Record<string, readonly (string | number)[]>> = {
  cpu: [1, 2, '2550m', 8],
  'requests.cpu': ['850m', '1700m', 3, 8],
  'limits.cpu': [2, '4500m', 20],
  memory: ['2Gi', '5376Mi', '40Gi'],
  'requests.memory': ['2688Mi', '5376Mi', '40Gi'],
  'limits.memory': ['4Gi', '6656Mi', '60Gi'],
  'ephemeral-storage': ['11Gi', '22Gi', '200Gi'],
  'requests.ephemeral-storage': ['11Gi', '22Gi', '200Gi'],
  'limits.ephemeral-storage': ['11Gi', '200Gi'],
  'requests.storage': ['10Gi', '20Gi', '100Gi'],
  'gold.storageclass.storage.k8s.io/requests.storage': ['10Gi', '100Gi'],
  'hugepages-2Mi': ['2Mi'],
};

const BOUNDS: Readonly<Record<string, readonly (string | number)[]>> = {
  cpu: ['250m', '500m', '1500m', 8],
  memory: ['256Mi', '1Gi', '2Gi', '8Gi'],
  'ephemeral-storage': ['5Gi', '20Gi'],
  'devices.kubevirt.io/kvm': [1, 2],
};

const REQUESTS: Readonly<Record<string, readonly (string | number)[]>> = {
  cpu: ['10m', '100m'],
  memory: ['32Mi', '128Mi'],
  'ephemeral-storage': ['1Gi'],
};

const picked = (
  random: Random,
  from: Readonly<Record<string, readonly (string | number)[]>>,
  share: number,
): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(from)
      .filter(() => random.chance(share))
      .map(([key, amounts]) => [key, random.pick(amounts)]),
  );

/** Mostly with room for all. */
function hardLimits(random: Random): object {
  if (random.chance(0.4)) {
    const counts = COUNTS.filter(() => random.chance(0.15)).map((key): [string, number] => [key, random.whole(0, 6)]);
    return { ...Object.fromEntries(counts), ...picked(random, MEASURED, 0.15) };
  }
  const counts = COUNTS.filter(() => random.chance(0.4)).map((key): [string, number] => [key, 99]);
  const largest = Object.entries(MEASURED).map(([key, amounts]) => [key, amounts.slice(-1)] as const);
  return { ...Object.fromEntries(counts), ...picked(random, Object.fromEntries(largest), 0.4) };
}

const infra = (random: Random): object => ({
  ...some(random, 0.5, () => ({
    limitRange: {
      ...some(random, 0.1, () => ({ enabled: false })),
      ...some(random, 0.5, () => ({ defaultRequest: picked(random, REQUESTS, 0.5) })),
      max: picked(random, BOUNDS, 0.3),
    },
  })),
  quota: {
    ...some(random, 0.15, () => ({ preset: random.pick(['dozlab-quota', 'lab-sessions-quota']) })),
    hard: hardLimits(random),
  },
  podPolicy: { enabled: random.chance(0.3) },
  ...some(random, 0.2, () => ({ networkPolicy: { defaultDeny: random.chance(0.5), isolation: random.chance(0.5) } })),
});

const claim = (random: Random): object => ({
  persistence: { enabled: true, ...some(random, 0.6, () => ({ storageClassName: random.pick(['gold', 'silver']) })) },
});

const resources = (random: Random): object => ({
  resources: {
    ...some(random, 0.4, () => ({
      limits: { cpu: random.pick([null, 1, '500m']), memory: random.pick([null, '1Gi']) },
    })),
    ...some(random, 0.4, () => ({
      requests: { cpu: random.pick([null, '100m', '0']), memory: random.pick([null, '128Mi', '0.0625Gi']) },
    })),
  },
});

const values = (random: Random): object => ({
  ...some(random, 0.3, () => ({ workload: { kind: 'Pod' } })),
  ...some(random, 0.4, () => ({ service: { type: random.pick(['ClusterIP', 'NodePort', 'LoadBalancer']) } })),
  ...some(random, 0.3, () => ({
    ingress: {
      enabled: true,
      className: 'x',
      vscode: { host: '{id}.labs.example.com' },
      ...some(random, 0.5, () => ({
        terminal: { host: '{id}-t.labs.example.com', allowUnauthenticated: random.chance(0.7) },
      })),
    },
  })),
  ...some(random, 0.2, () => ({
    httpRoute: { enabled: true, parentRefs: [{ name: 'web' }], vscode: { host: '{id}.l.example.org' } },
  })),
  ...some(random, 0.4, () => ({
    volumes: {
      [random.pick(['vmData', 'kernels', 'vscodeData'])]: { sizeLimit: random.pick(['10Gi', '3Gi']), ...claim(random) },
    },
  })),
  ...some(random, 0.2, () => ({ networkPolicy: { enabled: random.chance(0.5) } })),
  ...some(random, 0.3, () => ({ terminal: resources(random) })),
  ...some(random, 0.2, () => ({ initContainers: { rootfs: resources(random) } })),
  ...some(random, 0.3, () => ({
    firecracker: {
      ...some(random, 0.5, () => ({ vm: { memory: random.pick([512, 2048, 4096]) } })),
      ...some(random, 0.3, () => ({ memoryRequestPercent: random.pick([1, 33, 50]) })),
      ...some(random, 0.3, () => ({ resources: { requests: { memory: '700Mi' } } })),
      ...some(random, 0.15, () => ({ devices: { kvm: '', tun: '' } })),
    },
  })),
});

/** One cohort, or two that share a namespace. */
export function randomProject(random: Random, namespace: string): Files {
  const isShared = random.chance(0.3);
  const ids = ['alice', 'bob', 'carol'].slice(0, random.whole(1, 3));
  const cohorts = isShared ? ['one', 'two'] : ['one'];
  return {
    'dozlab.yaml': project({
      infra: infra(random),
      values: values(random),
      ...some(random, 0.3, () => ({ maxSessions: random.whole(1, 4) })),
    }),
    'labs/vm.yaml': lab('vm'),
    ...Object.fromEntries(cohorts.map((name) => [`sessions/${name}/cohort.yaml`, cohort(name, { namespace })])),
    ...Object.fromEntries(
      ids.map((id) => [
        `sessions/${random.pick(cohorts)}/${id}.yaml`,
        session(id, {
          ...some(random, 0.2, () => ({ suspended: true })),
          ...some(random, 0.3, () => ({ values: values(random) })),
        }),
      ]),
    ),
  };
}
