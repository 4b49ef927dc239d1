/** The images of images/ under settings that are harder than those of the manifests, which other images must bear too. */
import { renderSession } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { completeValues } from '../support/values';
import { Internet } from './internet';
import { runtimeContainers } from './runtime-view';
import { execIn, nodeValues, passwordSecret, podsWhenAvailable } from './sessions';
import { builtImage } from './session-images';

const internet = new Internet();

beforeAll(() => internet.start());

afterAll(() => {
  internet.stop();
});

interface Container {
  readonly name: string;
  readonly securityContext?: object;
}

interface Workload {
  readonly spec: {
    readonly template: { readonly spec: { readonly initContainers: Container[]; readonly containers: Container[] } };
  };
}

const HARD = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const AS_USER = { ...HARD, runAsNonRoot: true, runAsUser: 1000 };

const SETTINGS: Readonly<Record<string, object>> = {
  'init-rootfs': AS_USER,
  'network-setup': AS_USER,
  // Root alone may open the devices of KVM and of tap on most nodes.
  'firecracker-vm': { ...HARD, capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
  'terminal-sidecar': AS_USER,
  'code-server': AS_USER,
};

const hardened = (container: Container): Container => ({
  ...container,
  securityContext: SETTINGS[container.name] ?? {},
});

test('a session boots with read-only root file systems, and with no capability but NET_ADMIN', () => {
  const namespace = sessionNamespace('hardened');
  const values = nodeValues(internet.guestUrl, { initContainers: { network: { image: builtImage('network') } } });
  const objects = renderSession(completeValues(values), namespace).map((object) => {
    if (object.kind !== 'Deployment') return object;
    const { spec } = object as unknown as Workload;
    const pod = spec.template.spec;
    const containers = { initContainers: pod.initContainers.map(hardened), containers: pod.containers.map(hardened) };
    return { ...object, spec: { ...spec, template: { ...spec.template, spec: { ...pod, ...containers } } } };
  });
  kubectl.apply([passwordSecret(namespace, 'only-for-tests'), ...objects]);
  const [pod] = podsWhenAvailable(namespace);
  const name = pod?.metadata.name ?? '';
  expect(execIn(namespace, name, 'code-server', 'nc', '-w', '3', '172.16.0.2', '22')).toMatch(/^SSH-2\.0-dropbear/);
  const running = runtimeContainers(pod?.metadata.uid ?? '');
  const facts = Object.entries(running)
    .filter(([each]) => each in SETTINGS)
    .map(([each, { root, process }]) => [
      ...[each, root.readonly, process.user.uid, process.capabilities?.effective ?? []],
      process.noNewPrivileges,
    ]);
  expect(Object.fromEntries(facts.map(([each, ...rest]) => [each, rest]))).toEqual({
    'init-rootfs': [true, 1000, [], true],
    'network-setup': [true, 1000, [], true],
    'firecracker-vm': [true, 0, ['CAP_NET_ADMIN'], true],
    'terminal-sidecar': [true, 1000, [], true],
    'code-server': [true, 1000, [], true],
  });
});
