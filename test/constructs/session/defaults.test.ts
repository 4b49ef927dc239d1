import { goldenSession } from '../../support/golden';
import { container, environmentOf, labSession, namesOf, one, sessionPod, specOf } from '../../support/manifests';

describe('a session with required values only', () => {
  const manifests = () => labSession();

  it('has a Deployment, a Service and a NetworkPolicy', () => {
    expect(namesOf(goldenSession('defaults'))).toEqual([
      'NetworkPolicy/lab-session-alice-001',
      'Service/lab-service-alice-001',
      'Deployment/lab-session-alice-001',
    ]);
  });

  it('gives the containers the variables that their images expect', () => {
    const environments = Object.fromEntries(
      ['init-rootfs', 'network-setup', 'firecracker-vm', 'terminal-sidecar', 'code-server'].map((name) => [
        name,
        environmentOf(container(manifests(), name)),
      ]),
    );

    expect(environments).toEqual({
      'init-rootfs': [
        'IMAGE_DOWNLOAD_URL=https://example.com/rootfs.ext4',
        'IMAGE_SIZE=4G',
        'IMAGE_PATH=/srv/vm/kernels/rootfs.ext4',
      ],
      'network-setup': ['GATEWAY_IP=172.16.0.1', 'VM_IP=172.16.0.2', 'POD_IP=<status.podIP>', 'TAP_DEVICE=tap0'],
      'firecracker-vm': [
        'SESSION_ID=alice-001',
        'ROOTFS_PATH=/srv/vm/kernels/rootfs.ext4',
        'KERNEL_PATH=/find/vmlinux.bin',
        'CPU_COUNT=1',
        'MEMORY=1024',
        'GATEWAY_IP=172.16.0.1',
        'VM_IP=172.16.0.2',
        'TAP_DEVICE_NAME=tap0',
      ],
      'terminal-sidecar': ['SESSION_ID=alice-001', 'VM_IP=172.16.0.2', 'VM_SSH_PORT=22'],
      'code-server': [
        'PASSWORD=<lab-session-alice-001-secrets/vscode-password>',
        'SESSION_ID=alice-001',
        'DOCKER_HOST=tcp://172.16.0.2:2375',
      ],
    });
  });

  it('mounts the volumes where the images expect them', () => {
    const mounts = Object.fromEntries(
      ['init-rootfs', 'network-setup', 'firecracker-vm', 'terminal-sidecar', 'code-server'].map((name) => [
        name,
        (container(manifests(), name).volumeMounts ?? []).map(
          (mount) => `${mount.name}:${mount.mountPath}${mount.readOnly === true ? ' read-only' : ''}`,
        ),
      ]),
    );

    expect(mounts).toEqual({
      'init-rootfs': ['vm-kernels:/srv/vm/kernels'],
      'network-setup': ['shared-config:/shared'],
      'firecracker-vm': ['vm-kernels:/srv/vm/kernels', 'vm-data:/vm-data', 'shared-config:/shared read-only'],
      'terminal-sidecar': ['vm-data:/vm-data read-only', 'shared-config:/shared read-only'],
      'code-server': ['vscode-data:/home/coder', 'vm-data:/workspace', 'shared-config:/shared read-only'],
    });
  });

  it('opens the ports of the containers and of the Service', () => {
    const ports = ['firecracker-vm', 'terminal-sidecar', 'code-server'].map(
      (name) => container(manifests(), name).ports,
    );

    expect(ports).toEqual([
      [{ name: 'vm-ssh', containerPort: 22 }],
      [{ name: 'terminal', containerPort: 8081 }],
      [{ name: 'vscode', containerPort: 8080 }],
    ]);
    expect(specOf(one(manifests(), 'Service'))).toEqual({
      type: 'ClusterIP',
      selector: { app: 'lab-environment', 'session-id': 'alice-001' },
      ports: [
        { name: 'vscode', port: 8080, targetPort: 'vscode' },
        { name: 'terminal', port: 8081, targetPort: 'terminal' },
        { name: 'ssh', port: 22, targetPort: 'vm-ssh' },
      ],
    });
  });

  it('probes each second until a container has started', () => {
    const probes = ['firecracker-vm', 'terminal-sidecar', 'code-server'].map((name) => {
      const { startupProbe, livenessProbe, readinessProbe } = container(manifests(), name);
      return [startupProbe, livenessProbe, readinessProbe];
    });
    const ssh = { tcpSocket: { port: 'vm-ssh' } };
    const get = (port: string, path: string) => ({ httpGet: { port, path } });
    const start = { periodSeconds: 1, timeoutSeconds: 1 };
    expect(probes).toEqual([
      [
        { ...ssh, ...start, failureThreshold: 600 },
        { ...ssh, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        { ...ssh, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
      ],
      [
        { ...get('terminal', '/ready'), ...start, failureThreshold: 600 },
        { ...get('terminal', '/health'), periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
        { ...get('terminal', '/ready'), periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 },
      ],
      [
        { ...get('vscode', '/healthz'), ...start, failureThreshold: 300 },
        { ...get('vscode', '/healthz'), periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
        { ...get('vscode', '/healthz'), periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 },
      ],
    ]);
  });

  it('gives the microVM its capabilities and devices, and no container privileges', () => {
    expect(container(manifests(), 'firecracker-vm').securityContext).toEqual({
      capabilities: { add: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'] },
    });
    expect(container(manifests(), 'firecracker-vm').resources?.limits).toEqual({
      cpu: '1500m',
      memory: '2Gi',
      'devices.kubevirt.io/kvm': '1',
      'devices.kubevirt.io/tun': '1',
      'ephemeral-storage': '11Gi',
    });
    const unprivileged = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    expect(container(manifests(), 'init-rootfs').securityContext).toEqual(unprivileged);
    expect(container(manifests(), 'network-setup').securityContext).toEqual({
      ...unprivileged,
      runAsNonRoot: true,
      runAsUser: 1000,
      readOnlyRootFilesystem: true,
    });
    expect(container(manifests(), 'terminal-sidecar').securityContext).toEqual(unprivileged);
    expect(container(manifests(), 'code-server').securityContext).toEqual({
      ...unprivileged,
      runAsNonRoot: true,
      runAsUser: 1000,
    });
    expect(sessionPod(manifests()).spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(JSON.stringify(manifests())).not.toContain('privileged');
  });

  it('runs VS Code with the flags that it needs', () => {
    expect(container(manifests(), 'code-server').command?.join(' ')).toBe(
      'code-server --bind-addr 0.0.0.0:8080 --auth password --disable-telemetry --disable-update-check /workspace',
    );
  });

  it('requests the disk space of its volumes', () => {
    expect(container(manifests(), 'firecracker-vm').resources?.requests?.['ephemeral-storage']).toBe('10Gi');
    expect(container(manifests(), 'code-server').resources?.requests?.['ephemeral-storage']).toBe('1Gi');
    expect(sessionPod(manifests()).spec.volumes).toEqual([
      { name: 'vm-kernels', emptyDir: { sizeLimit: '5Gi' } },
      { name: 'vm-data', emptyDir: { sizeLimit: '5Gi' } },
      { name: 'vscode-data', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'shared-config', emptyDir: { sizeLimit: '10Mi' } },
    ]);
  });

  it('limits the disk space of each container to its volumes and 1 GiB, and requests no more than before', () => {
    const disk = ['init-rootfs', 'network-setup', 'firecracker-vm', 'terminal-sidecar', 'code-server'].map((name) => {
      const { resources } = container(manifests(), name);
      return [resources?.requests, resources?.limits].map((amounts) => amounts?.['ephemeral-storage']);
    });

    expect(disk).toEqual([
      ['0', '6Gi'],
      ['0', '1Gi'],
      ['10Gi', '11Gi'],
      ['0', '1Gi'],
      ['1Gi', '2Gi'],
    ]);
  });

  it('replaces its pod, and leaves its replicas to kubectl scale', () => {
    const spec = specOf(one(manifests(), 'Deployment'));

    expect(spec['strategy']).toEqual({ type: 'Recreate' });
    expect(spec).not.toHaveProperty('replicas');
  });
});
