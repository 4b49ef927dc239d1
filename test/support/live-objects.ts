import type { Manifest } from '@dozlab/charts/yaml';

type Tree = Record<string, unknown>;

export const asLive = (objects: readonly Manifest[], namespace: string): Manifest[] =>
  objects.map((object) => {
    const copy = structuredClone(object) as unknown as Tree & { metadata: Tree; spec: Tree; kind: string };
    copy.metadata = {
      ...copy.metadata,
      namespace,
      uid: '0c5bd0a5-7b9a-4e5e-9d3e-1f1f6a1f0001',
      resourceVersion: '4711',
      creationTimestamp: '2024-01-31T18:00:00Z',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) },
    };
    if (copy.kind === 'Pod') liven(copy.spec);
    if (copy.kind === 'Pod') copy['status'] = { phase: 'Running', podIP: '10.244.1.5' };
    if (copy.kind === 'Service') {
      const ports = (copy.spec['ports'] as Tree[]).map((port) => ({ ...port, protocol: 'TCP' }));
      Object.assign(copy.spec, { ports, clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'], ipFamilies: ['IPv4'] });
      Object.assign(copy.spec, {
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'None',
      });
    }
    if (copy.kind === 'Secret') {
      const entries = Object.entries((copy['stringData'] ?? {}) as Record<string, string>);
      copy['data'] = Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
      delete copy['stringData'];
    }
    return copy as unknown as Manifest;
  });

const TOKEN = {
  name: 'kube-api-access-x7k2p',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
};

function liven(spec: Tree): void {
  for (const list of ['initContainers', 'containers'])
    for (const container of spec[list] as Tree[]) {
      container['terminationMessagePath'] = '/dev/termination-log';
      container['terminationMessagePolicy'] = 'File';
      container['imagePullPolicy'] = 'Always';
      container['volumeMounts'] = [...(container['volumeMounts'] as Tree[]), TOKEN];
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
        if (container[probe] !== undefined)
          container[probe] = {
            successThreshold: 1,
            timeoutSeconds: 1,
            failureThreshold: 3,
            ...(container[probe] as Tree),
          };
    }
  Object.assign(spec, {
    nodeName: 'node-1',
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    schedulerName: 'default-scheduler',
    serviceAccount: 'default',
    serviceAccountName: 'default',
    terminationGracePeriodSeconds: 30,
    tolerations: ['not-ready', 'unreachable'].map((taint) => ({
      effect: 'NoExecute',
      key: `node.kubernetes.io/${taint}`,
      operator: 'Exists',
      tolerationSeconds: 300,
    })),
    volumes: [...(spec['volumes'] as Tree[]), { name: TOKEN.name, projected: { defaultMode: 420, sources: [] } }],
  });
}
