import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { apiAddress, filesOf, type Place } from './servers';

/** What is written into the files of a control plane, and into the cluster before tests run. */

/** How clients reach the API server. */
export const kubeconfig = (place: Place, token: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'local', cluster: { server: apiAddress(place), 'certificate-authority': filesOf(place).certificate } },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'admin' } }],
    'current-context': 'local',
  });

/** The one user of the API server. */
export const tokens = (token: string): string => `${token},admin,admin,system:masters\n`;

/** What `kubectl logs` shows of every container, in the format of the container runtimes. */
export const CONTAINER_LOG = '2026-01-01T00:00:00.000000000Z stdout F log line of a fake container\n';

/**
 * The stages that pods and nodes go through, from kwok's own sources; `kubectl logs` that reads one file, `kubectl exec` that runs the
 * command here, in the folder of the control plane, `kubectl attach` that shows what is added to the file `attached.log` there, and
 * `kubectl port-forward` that gives back what it is sent.
 */
export function kwokConfig(place: Place, sources: string): string {
  const stages = join(sources, 'kustomize', 'stage');
  const pods = readdirSync(join(stages, 'pod', 'fast')).filter((name) => /^pod-.*\.yaml$/.test(name));
  const files = [
    ...pods.sort().map((name) => join(stages, 'pod', 'fast', name)),
    join(stages, 'node', 'fast', 'node-initialize.yaml'),
    join(stages, 'node', 'heartbeat', 'node-heartbeat.yaml'),
  ];
  const kubelet = [
    ['ClusterLogs', { logs: [{ logsFile: filesOf(place).containerLog, follow: true }] }],
    ['ClusterExec', { execs: [{ local: { workDir: place.folder } }] }],
    ['ClusterAttach', { attaches: [{ logsFile: filesOf(place).attachedLog }] }],
    ['ClusterPortForward', { forwards: [{ command: ['cat'] }] }],
  ].map(([kind, spec]) => stringify({ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind, metadata: { name: 'all' }, spec }));
  return [...files.map((file) => readFileSync(file, 'utf8')), ...kubelet].join('\n---\n');
}

const SIZE = {
  cpu: '64',
  memory: '256Gi',
  'ephemeral-storage': '4Ti',
  pods: '1000',
  'devices.kubevirt.io/kvm': '500',
  'devices.kubevirt.io/tun': '500',
};

/** The label of nodes that any test may use: others belong to one test. */
export const SHARED = { 'dozlab.io/test': 'any' };

/** The nodes, large and with the devices of microVMs. */
export const NODES = ['node-1', 'node-2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: SHARED },
  status: { allocatable: SIZE, capacity: SIZE },
}));
