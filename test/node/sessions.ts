import type { Mapping } from '@dozlab/charts/schema';
import { mergeTrees } from '@dozlab/charts/schema';
import { kubectl } from '../cluster/cluster';
import type { LiveObject } from '../cluster/kubectl';
import { GUEST_PASSWORD } from './images/guest';
import { builtImage } from './session-images';

/** Values by which a session runs the images that this machine has, and is small enough for two cores. */
export const nodeValues = (guestUrl: string, over: Mapping = {}): Mapping =>
  mergeTrees(
    {
      rootfs: { imageUrl: guestUrl, diskSize: '64M' },
      initContainers: {
        rootfs: { image: builtImage('init'), tag: '1', resources: SMALL },
        network: { image: 'registry.local/busybox', tag: '1', resources: SMALL },
      },
      firecracker: {
        image: builtImage('firecracker'),
        tag: '1',
        vm: { cpuCount: 1, memory: 256 },
        // Machines of tests may lack SYS_RESOURCE, and so cannot grant it.
        capabilities: ['NET_ADMIN'],
        resources: SMALL,
      },
      terminal: {
        ...{ image: builtImage('terminal'), tag: '1', resources: SMALL },
        extraEnv: [{ name: 'SSH_PASSWORD', value: GUEST_PASSWORD }],
      },
      codeServer: { image: 'registry.local/code-server', tag: '1', resources: SMALL },
    },
    over,
  );

/** Values of a session without a microVM, of which many fit on the node. */
export const lightValues = (over: Mapping = {}): Mapping =>
  mergeTrees(
    nodeValues('http://203.0.113.1/none', {
      initContainers: { rootfs: { image: 'registry.local/light-init' } },
      firecracker: { image: 'registry.local/light-vm', resources: LIGHT },
      terminal: { image: 'registry.local/terminal', extraEnv: [], resources: LIGHT },
      codeServer: { resources: { requests: { ...LIGHT.requests, 'ephemeral-storage': '16Mi' } } },
      volumes: Object.fromEntries(['kernels', 'vmData', 'vscodeData'].map((name) => [name, { sizeLimit: '64Mi' }])),
    }),
    over,
  );

const LIGHT = { requests: { cpu: '5m', memory: '16Mi' } };

const SMALL = { requests: { cpu: '10m' } };

/** The Secret with the password of a session's editor. */
export const passwordSecret = (namespace: string, password: string, id = 'alice-001'): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: `lab-session-${id}-secrets`, namespace },
  stringData: { 'vscode-password': password },
});

/** Waits until all Deployments of a namespace are available, and gives its pods. Throws what the pods say when they are not. */
export function podsWhenAvailable(namespace: string): LiveObject[] {
  try {
    kubectl.run(['wait', '--for=condition=Available', 'deployment', '--all', '-n', namespace, '--timeout=240s']);
  } catch (error) {
    throw new Error(stateOf(namespace), { cause: error });
  }
  return kubectl.list('pods', '-n', namespace);
}

/** What somebody who looks for the cause of a failure asks. */
export function stateOf(namespace: string): string {
  const pods = kubectl.list('pods', '-n', namespace).map(({ metadata }) => metadata.name);
  const logs = pods.map((pod) => {
    const args = ['logs', pod, '-n', namespace, '--all-containers', '--prefix', '--tail=15', '--ignore-errors'];
    return kubectl.ask(args, '').printed;
  });
  return [kubectl.run(['describe', 'pods', '-n', namespace]), ...logs].join('\n').slice(-8000);
}

/** Runs a command in a container of a session's pod and gives what it printed. */
export const execIn = (namespace: string, pod: string, container: string, ...command: string[]): string =>
  kubectl.run(['exec', '-n', namespace, pod, '-c', container, '--', ...command]);
