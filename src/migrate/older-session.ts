import { at, isMapping, type Mapping, mergeTrees, type Path } from '@dozlab/charts/schema';
import { MICROVM_CAPABILITIES } from '../api/values/capabilities';
import { defaultValues } from '../api/values/defaults';
import { imageReference } from '../api/values/names';
import { type ContainerPath, CONTAINERS } from '../api/rules/containers';
import { withoutApiDefaults } from './api-defaults';
import { SAME_FIELDS, VOLUMES } from './pod-values';

/**
 * The Pod and the Service of the older chart, as its documentation says.
 * The documentation leaves out the script of network-setup.
 */

/** Defaults of the original manifest and the older chart that differ from today's. */
export const OLDER_DEFAULTS: Mapping = {
  firecracker: { resources: { limits: { cpu: '1500m', memory: '2Gi' } } },
  volumes: { kernels: { sizeLimit: '2Gi' } },
};

/** A session has a startup probe instead. */
const OLDER_DELAYS: Mapping = {
  firecracker: { livenessProbe: { initialDelaySeconds: 30 }, readinessProbe: { initialDelaySeconds: 20 } },
  terminal: { livenessProbe: { initialDelaySeconds: 10 }, readinessProbe: { initialDelaySeconds: 5 } },
  codeServer: { livenessProbe: { initialDelaySeconds: 30 }, readinessProbe: { initialDelaySeconds: 15 } },
};

const VARIABLES = {
  SESSION_ID: ['session', 'id'],
  CPU_COUNT: ['firecracker', 'vm', 'cpuCount'],
  MEMORY: ['firecracker', 'vm', 'memory'],
  GATEWAY_IP: ['network', 'gatewayIp'],
  VM_IP: ['network', 'vmIp'],
  TAP_DEVICE_NAME: ['network', 'tapDevice'],
  IMAGE_DOWNLOAD_URL: ['rootfs', 'imageUrl'],
  IMAGE_SIZE: ['rootfs', 'diskSize'],
};

const ROOTFS = '/srv/vm/kernels/rootfs.ext4';

const literal = (name: string, value: unknown) => ({ name, value: String(value) });

const mount = (name: string, mountPath: string, readOnly?: unknown) => ({
  name,
  mountPath,
  ...(readOnly === true ? { readOnly } : {}),
});

export function olderObjects(given: Mapping): Mapping[] {
  const values = [OLDER_DEFAULTS, OLDER_DELAYS, given].reduce(mergeTrees, defaultValues());
  const get = (...path: Path): unknown => at(values, path);
  const text = (...path: Path): string => {
    const value = get(...path);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const variable = (name: keyof typeof VARIABLES) => literal(name, text(...VARIABLES[name]));
  const id = text('session', 'id');
  const labels = get('labels');
  const metadata = (name: string) => ({
    name,
    labels: {
      ...(isMapping(labels) ? labels : {}),
      app: 'lab-environment',
      'session-id': id,
      'user-id': text('session', 'userId'),
    },
  });
  const container = (name: string, path: ContainerPath, rest: Record<string, unknown>) => ({
    name,
    image: imageReference(text(...path, 'image'), text(...path, 'tag'), text(...path, 'digest') || undefined),
    resources: get(...path, 'resources'),
    ...rest,
    env: [...(rest['env'] as unknown[]), ...((get(...path, 'extraEnv') as unknown[] | undefined) ?? [])],
  });
  const probes = (path: ContainerPath, port: number, isTcp: boolean) =>
    Object.fromEntries(
      ['livenessProbe', 'readinessProbe'].map((name) => {
        const { path: httpPath, ...times } = get(...path, name) as Mapping;
        return [name, { ...(isTcp ? { tcpSocket: { port } } : { httpGet: { path: httpPath, port } }), ...times }];
      }),
    );
  const [rootfs, network, firecracker, terminal, codeServer] = CONTAINERS;
  const shared = mount('shared-config', '/shared', true);
  const spec = {
    ...Object.fromEntries(SAME_FIELDS.map((name) => [name, get(name)])),
    securityContext: { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    initContainers: [
      container('init-rootfs', rootfs, {
        env: [variable('IMAGE_DOWNLOAD_URL'), variable('IMAGE_SIZE'), literal('IMAGE_PATH', ROOTFS)],
        volumeMounts: [mount('vm-kernels', '/srv/vm/kernels')],
      }),
      container('network-setup', network, { env: [], volumeMounts: [mount('shared-config', '/shared')] }),
    ],
    containers: [
      container('firecracker-vm', firecracker, {
        env: [
          variable('SESSION_ID'),
          literal('ROOTFS_PATH', ROOTFS),
          literal('KERNEL_PATH', '/find/vmlinux.bin'),
          ...(['CPU_COUNT', 'MEMORY', 'GATEWAY_IP', 'VM_IP', 'TAP_DEVICE_NAME'] as const).map(variable),
        ],
        ports: [{ name: 'vm-ssh', containerPort: 22 }],
        securityContext: { capabilities: { add: [...MICROVM_CAPABILITIES] } },
        volumeMounts: [mount('vm-kernels', '/srv/vm/kernels'), mount('vm-data', '/vm-data'), shared],
        ...probes(firecracker, 22, true),
      }),
      container('terminal-sidecar', terminal, {
        env: [variable('SESSION_ID'), variable('VM_IP'), literal('VM_SSH_PORT', '22')],
        ports: [{ name: 'terminal', containerPort: 8081 }],
        volumeMounts: [mount('vm-data', '/vm-data', true), shared],
        ...probes(terminal, 8081, false),
      }),
      container('code-server', codeServer, {
        command: [
          ...['code-server', '--bind-addr', '0.0.0.0:8080', '--auth', 'password'],
          ...['--disable-telemetry', '--disable-update-check', '/workspace'],
        ],
        env: [
          {
            name: 'PASSWORD',
            valueFrom: {
              secretKeyRef: {
                name: text('codeServer', 'existingSecret') || `lab-session-${id}-secrets`,
                key: text('codeServer', 'existingSecretKey'),
              },
            },
          },
          variable('SESSION_ID'),
          literal('DOCKER_HOST', `tcp://${text('network', 'vmIp')}:2375`),
        ],
        ports: [{ name: 'vscode', containerPort: 8080 }],
        securityContext: { runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false },
        volumeMounts: [
          mount('vscode-data', '/home/coder'),
          mount('vm-data', '/workspace', get('codeServer', 'workspaceReadOnly')),
          shared,
        ],
        ...probes(codeServer, 8080, false),
      }),
    ],
    volumes: Object.entries(VOLUMES).map(([name, volume]) => ({
      name,
      emptyDir: { sizeLimit: get('volumes', volume, 'sizeLimit') },
    })),
  };
  const port = (name: string, targetPort: number) => ({ name, port: get('service', 'ports', name), targetPort });
  return [
    { kind: 'Pod', metadata: metadata(`lab-session-${id}`), spec },
    {
      kind: 'Service',
      metadata: metadata(`lab-service-${id}`),
      spec: {
        type: get('service', 'type'),
        selector: { app: 'lab-environment', 'session-id': id },
        ports: [port('vscode', 8080), port('terminal', 8081), port('ssh', 22)],
      },
    },
  ].map((object) => withoutApiDefaults(object as unknown as Mapping));
}
