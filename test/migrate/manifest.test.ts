import {
  MigrationRun,
  REQUIRED,
  TEMPLATE,
  differingFields,
  envFile,
  originalObjects,
  podIn,
  reportedFields,
} from '../support/migration';

/** Differences that the command reports for the unchanged original manifest. */
const DIFFERENCES = [
  'changed Pod kind',
  'changed Pod metadata.labels.user-id',
  'added Pod metadata.labels["app.kubernetes.io/instance"]',
  'added Pod metadata.labels["app.kubernetes.io/name"]',
  'added Pod metadata.labels["app.kubernetes.io/part-of"]',
  'added Pod metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"]',
  'added Pod spec.initContainers.init-rootfs.resources.requests.ephemeral-storage',
  'added Pod spec.initContainers.init-rootfs.resources.limits.ephemeral-storage',
  'added Pod spec.initContainers.init-rootfs.securityContext.allowPrivilegeEscalation',
  'added Pod spec.initContainers.init-rootfs.securityContext.capabilities.drop',
  'changed Pod spec.initContainers.network-setup.command',
  'lost Pod spec.initContainers.network-setup.args',
  'added Pod spec.initContainers.network-setup.resources.requests.ephemeral-storage',
  'added Pod spec.initContainers.network-setup.resources.limits.ephemeral-storage',
  'added Pod spec.initContainers.network-setup.env.GATEWAY_IP.value',
  'added Pod spec.initContainers.network-setup.env.VM_IP.value',
  'added Pod spec.initContainers.network-setup.env.POD_IP.valueFrom.fieldRef.fieldPath',
  'added Pod spec.initContainers.network-setup.env.TAP_DEVICE.value',
  'added Pod spec.initContainers.network-setup.securityContext.allowPrivilegeEscalation',
  'added Pod spec.initContainers.network-setup.securityContext.capabilities.drop',
  'added Pod spec.initContainers.network-setup.securityContext.readOnlyRootFilesystem',
  'added Pod spec.initContainers.network-setup.securityContext.runAsNonRoot',
  'added Pod spec.initContainers.network-setup.securityContext.runAsUser',
  'added Pod spec.containers.firecracker-vm.resources.requests.ephemeral-storage',
  'added Pod spec.containers.firecracker-vm.resources.limits["devices.kubevirt.io/kvm"]',
  'added Pod spec.containers.firecracker-vm.resources.limits["devices.kubevirt.io/tun"]',
  'added Pod spec.containers.firecracker-vm.resources.limits.ephemeral-storage',
  'added Pod spec.containers.firecracker-vm.startupProbe.failureThreshold',
  'added Pod spec.containers.firecracker-vm.startupProbe.periodSeconds',
  'added Pod spec.containers.firecracker-vm.startupProbe.tcpSocket.port',
  'added Pod spec.containers.terminal-sidecar.resources.requests.ephemeral-storage',
  'added Pod spec.containers.terminal-sidecar.resources.limits.ephemeral-storage',
  'added Pod spec.containers.terminal-sidecar.securityContext.allowPrivilegeEscalation',
  'added Pod spec.containers.terminal-sidecar.securityContext.capabilities.drop',
  'added Pod spec.containers.terminal-sidecar.startupProbe.failureThreshold',
  'added Pod spec.containers.terminal-sidecar.startupProbe.httpGet.path',
  'added Pod spec.containers.terminal-sidecar.startupProbe.httpGet.port',
  'added Pod spec.containers.terminal-sidecar.startupProbe.periodSeconds',
  'added Pod spec.containers.code-server.securityContext.capabilities.drop',
  'added Pod spec.containers.code-server.resources.requests.ephemeral-storage',
  'added Pod spec.containers.code-server.resources.limits.ephemeral-storage',
  'added Pod spec.containers.code-server.startupProbe.failureThreshold',
  'added Pod spec.containers.code-server.startupProbe.httpGet.path',
  'added Pod spec.containers.code-server.startupProbe.httpGet.port',
  'added Pod spec.containers.code-server.startupProbe.periodSeconds',
  'changed Pod spec.volumes.vm-kernels.emptyDir.sizeLimit',
  'added Pod spec.automountServiceAccountToken',
  'added Pod spec.enableServiceLinks',
  'added Service metadata.labels["app.kubernetes.io/instance"]',
  'added Service metadata.labels["app.kubernetes.io/managed-by"]',
  'added Service metadata.labels["app.kubernetes.io/name"]',
  'added Service metadata.labels["app.kubernetes.io/part-of"]',
  'added Service metadata.labels.user-id',
  'added Service metadata.annotations["dozlab.io/user-id"]',
  'added NetworkPolicy ',
  'added Pod metadata.namespace',
  'lost Secret ',
];

/** The manifest's own delays, which a session does not have by default. */
const delays = (livenessDelay: number, readinessDelay: number) => ({
  livenessProbe: { initialDelaySeconds: livenessDelay },
  readinessProbe: { initialDelaySeconds: readinessDelay },
});
const DELAYS = { firecracker: delays(30, 20), terminal: delays(10, 5), codeServer: delays(30, 15) };

/** All variables of the original manifest, none with its default. */
const ALL = {
  ...REQUIRED,
  VSCODE_PASSWORD: '$(openssl rand -base64 32)',
  DISK_SIZE: '8G',
  VM_CPU: '2',
  VM_MEMORY: '2048',
  TERMINAL_IMAGE: 'registry.example.com:5000/terminal:v2',
  VM_MEMORY_LIMIT: '4Gi',
  VM_CPU_LIMIT: '2750m',
  VM_MEMORY_REQUEST: '1536Mi',
  VM_CPU_REQUEST: '750m',
  KERNEL_SIZE_LIMIT: '10Gi',
  VM_DATA_SIZE_LIMIT: '6Gi',
  VSCODE_DATA_SIZE_LIMIT: '3Gi',
};

const migrated = (variables: Readonly<Record<string, string>>) => {
  const run = new MigrationRun();
  const data = run.migrate({ 'pod.yaml': TEMPLATE, env: envFile(variables) });
  const [session] = data.sessions;
  return { run, data, differences: session?.differences ?? [], rendered: run.rendered('migrated', 'alice-001') };
};

describe('migrate with the original manifest', () => {
  test('unchanged: reports every difference of the pod', () => {
    const { run, data, differences, rendered } = migrated(REQUIRED);
    expect(differences.map(({ change, object, path }) => `${change} ${object} ${path}`)).toEqual(DIFFERENCES);
    expect(differingFields(podIn(originalObjects(REQUIRED)), podIn(rendered))).toEqual(reportedFields(differences));
    expect(data.problems).toEqual([]);
    expect(run.read('sessions/migrated/alice-001.yaml')['spec']).toEqual({
      lab: 'dozlab-k8s',
      userId: 'alice@example.com',
    });
    expect(run.read('labs/dozlab-k8s.yaml')['spec']).toEqual({
      values: {
        rootfs: { imageUrl: REQUIRED.ROOTFS_IMAGE_URL },
        // The manifest's fixed request.
        firecracker: { ...DELAYS.firecracker, resources: { requests: { memory: '1Gi' } } },
        terminal: DELAYS.terminal,
        codeServer: { ...DELAYS.codeServer, workspaceReadOnly: true },
      },
    });
  });

  test('with all 15 variables: writes each to its field', () => {
    expect(Object.keys(ALL)).toHaveLength(15);
    const { run, differences, rendered } = migrated(ALL);
    expect(differingFields(podIn(originalObjects(ALL)), podIn(rendered))).toEqual(reportedFields(differences));
    expect(
      reportedFields(differences).filter((path) => /vm-kernels|resources\.limits\.(cpu|memory)/.test(path)),
    ).toEqual([]);
    expect(run.read('labs/dozlab-k8s.yaml')['spec']).toEqual({
      values: {
        rootfs: { imageUrl: ALL.ROOTFS_IMAGE_URL, diskSize: '8G' },
        firecracker: {
          ...DELAYS.firecracker,
          vm: { cpuCount: 2, memory: 2048 },
          resources: { limits: { cpu: '2750m', memory: '4Gi' }, requests: { cpu: '750m', memory: '1536Mi' } },
        },
        terminal: { ...DELAYS.terminal, image: 'registry.example.com:5000/terminal', tag: 'v2' },
        codeServer: { ...DELAYS.codeServer, workspaceReadOnly: true },
        volumes: { kernels: { sizeLimit: '10Gi' }, vmData: { sizeLimit: '6Gi' }, vscodeData: { sizeLimit: '3Gi' } },
      },
    });
  });

  test.each([
    ['lets limits follow a larger microVM', { VM_CPU: '4', VM_MEMORY: '8192' }, ['limits.cpu', 'limits.memory']],
    ['keeps limits for a smaller microVM', { VM_MEMORY: '512' }, []],
    ['keeps the volume for a smaller disk', { DISK_SIZE: '1G', KERNEL_SIZE_LIMIT: '2Gi' }, []],
  ])('%s', (_, variables, reported) => {
    const all = { ...REQUIRED, ...variables };
    const { differences, rendered } = migrated(all);
    expect(differingFields(podIn(originalObjects(all)), podIn(rendered))).toEqual(reportedFields(differences));
    expect(reportedFields(differences).filter((path) => /limits\.(cpu|memory)$/.test(path))).toEqual(
      reported.map((field) => `spec.containers.firecracker-vm.resources.${field}`),
    );
  });

  test('ignores variables in scripts', () => {
    const run = new MigrationRun();
    const { status, stderr } = run.run({ 'pod.yaml': TEMPLATE, env: envFile(REQUIRED) });
    expect(`${String(status)} ${stderr}`).toContain('0 wrote 3 files for 1 session');
  });
});
