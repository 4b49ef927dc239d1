import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planMigration, type MigratedSession } from '../../src/migrate/plan';
import { writeChanges } from '../../src/edit/write-changes';
import { renderSession } from '../../src/manifests/lab-session-chart';
import { loadProject } from '../../src/source/load-project';
import { resolveProject } from '../../src/resolve/resolve';
import type { Manifest } from '@dozlab/charts/yaml';
import { asLive } from './live-objects';
import { REQUIRED, originalObjects, podIn } from './migration';
import { project, projectWith, temporaryFolder, type Files } from './project';

type Part = Record<string, unknown>;
type Spec = Part & { containers: Part[]; initContainers: Part[]; volumes: Part[] };

export const specOf = (objects: readonly Manifest[]): Spec => (podIn(objects) as unknown as { spec: Spec }).spec;
const named = (list: Part[], name: string): Part => list.find((each) => each['name'] === name) ?? {};

/** Defaults of the API server. */
const TIMES = { initialDelaySeconds: 0, periodSeconds: 10 };

export const CHANGED_PODS: Readonly<Record<string, (spec: Spec) => void>> = {
  'nothing at all': () => undefined,
  'host namespaces': (spec) => Object.assign(spec, { hostNetwork: true, hostPID: true, shareProcessNamespace: true }),
  'names of the host': (spec) =>
    Object.assign(spec, { hostname: 'lab', subdomain: 'x', hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }),
  DNS: (spec) => Object.assign(spec, { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.0.0.2'] } }),
  'a service account': (spec) => Object.assign(spec, { serviceAccountName: 'labs', serviceAccount: 'labs' }),
  'a deadline and another scheduler': (spec) =>
    Object.assign(spec, { activeDeadlineSeconds: 7200, schedulerName: 'mine', preemptionPolicy: 'Never' }),
  'other rights of the pod': (spec) =>
    Object.assign(spec, { securityContext: { fsGroup: 2000, runAsUser: 7, seccompProfile: { type: 'Unconfined' } } }),
  'no rights of the pod': (spec) => Reflect.deleteProperty(spec, 'securityContext'),
  'where it runs': (spec) =>
    Object.assign(spec, {
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'kvm', operator: 'Exists', effect: 'NoSchedule' }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kvm', operator: 'Exists' }] }] } } }, // prettier-ignore
    }),
  'when it stops': (spec) => Object.assign(spec, { terminationGracePeriodSeconds: 5, restartPolicy: 'Never' }),
  'a privileged microVM with devices of the host': (spec) => {
    const vm = named(spec.containers, 'firecracker-vm');
    vm['securityContext'] = { privileged: true };
    vm['volumeMounts'] = [...(vm['volumeMounts'] as Part[]), { name: 'kvm', mountPath: '/dev/kvm' }];
    spec.volumes.push({ name: 'kvm', hostPath: { path: '/dev/kvm', type: 'CharDevice' } });
  },
  'images by digest, of another registry and of a version': (spec) => {
    named(spec.containers, 'firecracker-vm')['image'] = `mirror.example.com:5000/vm@sha256:${'a'.repeat(64)}`;
    named(spec.containers, 'code-server')['image'] = 'mirror.example.com:5000/code';
    named(spec.containers, 'terminal-sidecar')['image'] = `terminal:v2@sha256:${'b'.repeat(64)}`;
    named(spec.initContainers, 'network-setup')['image'] = 'busybox:1.36';
  },
  'when one image is pulled': (spec) => {
    named(spec.containers, 'code-server')['imagePullPolicy'] = 'Never';
  },
  'when all images are pulled': (spec) => {
    for (const container of [...spec.containers, ...spec.initContainers]) container['imagePullPolicy'] = 'Never';
  },
  'more containers': (spec) => {
    spec.containers.push({
      name: 'logs',
      ports: [{ name: 'logs', containerPort: 1 }],
      image: 'logs:1',
      args: ['--all'],
      resources: { limits: { cpu: '1' } },
    });
    spec.initContainers.unshift({ name: 'wait', image: 'wait:1', command: ['sleep', '1'] });
  },
  'one container less': (spec) => {
    spec.containers = spec.containers.filter(({ name }) => name !== 'terminal-sidecar');
  },
  'what containers run': (spec) => {
    const code = named(spec.containers, 'code-server');
    Object.assign(code, { command: ['code-server'], args: ['--auth', 'none'], workingDir: '/workspace', tty: true, stdin: true }); // prettier-ignore
    Object.assign(named(spec.containers, 'terminal-sidecar'), {
      lifecycle: { preStop: { exec: { command: ['save'] } } },
      envFrom: [{ configMapRef: { name: 'settings' } }],
    });
  },
  'variables of all kinds': (spec) => {
    const code = named(spec.containers, 'code-server');
    code['env'] = [
      ...(code['env'] as Part[]).filter(({ name }) => name !== 'DOCKER_HOST'),
      { name: 'PLAIN', value: 'x' },
      { name: 'NONE' },
      { name: 'KEY', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a', optional: true } } },
      { name: 'CPU', valueFrom: { resourceFieldRef: { containerName: 'code-server', resource: 'limits.cpu' } } },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ];
  },
  'variables of the contract': (spec) => {
    const vm = named(spec.containers, 'firecracker-vm');
    vm['env'] = (vm['env'] as Part[])
      .filter(({ name }) => name !== 'KERNEL_PATH')
      .map((each) => (each['name'] === 'ROOTFS_PATH' ? { name: 'ROOTFS_PATH', value: '/other.ext4' } : each));
  },
  'a password in the clear': (spec) => {
    const code = named(spec.containers, 'code-server');
    code['env'] = (code['env'] as Part[]).map((each) =>
      each['name'] === 'PASSWORD' ? { name: 'PASSWORD', value: 'planted-in-the-clear' } : each,
    );
  },
  'a password of another Secret': (spec) => {
    const code = named(spec.containers, 'code-server');
    code['env'] = (code['env'] as Part[]).map((each) =>
      each['name'] === 'PASSWORD'
        ? { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'mine', key: 'password', optional: true } } }
        : each,
    );
  },
  'no resources': (spec) => {
    for (const container of spec.containers) container['resources'] = {};
  },
  'resources of other kinds': (spec) => {
    named(spec.containers, 'code-server')['resources'] = {
      limits: { cpu: '2', memory: '4Gi', 'nvidia.com/gpu': '1' },
      requests: { cpu: '300m', memory: '600Mi', 'ephemeral-storage': '3Gi' },
    };
  },
  'other probes': (spec) => {
    Object.assign(named(spec.containers, 'firecracker-vm'), {
      livenessProbe: { exec: { command: ['true'] }, ...TIMES },
      startupProbe: { tcpSocket: { port: 22 }, failureThreshold: 60 },
    });
    Object.assign(named(spec.containers, 'code-server'), {
      livenessProbe: {
        httpGet: { path: '/x', port: 9999, scheme: 'HTTPS', httpHeaders: [{ name: 'a', value: 'b' }] },
        ...TIMES,
      },
      readinessProbe: { httpGet: { path: '/healthz', port: 'vscode' }, ...TIMES, successThreshold: 2, terminationGracePeriodSeconds: 3 }, // prettier-ignore
    });
    Reflect.deleteProperty(named(spec.containers, 'terminal-sidecar'), 'readinessProbe');
  },
  'other ports': (spec) => {
    named(spec.containers, 'code-server')['ports'] = [
      { name: 'vscode', containerPort: 8080, hostPort: 8080 },
      { name: 'metrics', containerPort: 9090, protocol: 'UDP' },
    ];
  },
  'other rights of containers': (spec) => {
    named(spec.containers, 'code-server')['securityContext'] = { runAsUser: 0, readOnlyRootFilesystem: true };
    named(spec.containers, 'firecracker-vm')['securityContext'] = {
      capabilities: { add: ['NET_ADMIN', 'SYS_PTRACE'], drop: ['ALL'] },
    };
  },
  'other mounts': (spec) => {
    const code = named(spec.containers, 'code-server');
    code['volumeMounts'] = [
      { name: 'vm-data', mountPath: '/workspace', subPath: 'work', mountPropagation: 'HostToContainer' },
      { name: 'vscode-data', mountPath: '/home/other' },
    ];
  },
  'other volumes': (spec) => {
    Object.assign(named(spec.volumes, 'vm-data'), { emptyDir: { sizeLimit: '7Gi', medium: 'Memory' } });
    Object.assign(named(spec.volumes, 'vscode-data'), { emptyDir: {} });
    const shared = named(spec.volumes, 'shared-config');
    Reflect.deleteProperty(shared, 'emptyDir');
    Object.assign(shared, { configMap: { name: 'network' } });
    spec.volumes.push({ name: 'nfs', nfs: { server: 'x', path: '/y' } });
  },
  'a claim and a folder of the host': (spec) => {
    const [data, code] = [named(spec.volumes, 'vm-data'), named(spec.volumes, 'vscode-data')];
    for (const volume of [data, code]) Reflect.deleteProperty(volume, 'emptyDir');
    Object.assign(data, { persistentVolumeClaim: { claimName: 'work' } });
    Object.assign(code, { hostPath: { path: '/data' } });
  },
};

export interface Migrated {
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
  readonly reported: MigratedSession['differences'];
}

export function migratedPod(change: (spec: Spec) => void, namespace: string, files: Files = {}): Migrated {
  const variables = { ...REQUIRED, SESSION_ID: 'changed-001', USER_ID: 'alice', VSCODE_PASSWORD: 'x' };
  const before = asLive(originalObjects(variables), namespace);
  change(specOf(before));
  const input = join(temporaryFolder(), 'all.json');
  writeFileSync(input, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: before }));
  const folder = projectWith({ 'dozlab.yaml': project(), ...files });
  const { files: written, sessions, problems } = planMigration(folder, { files: [input] });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  writeChanges(folder, written);
  const [session] = resolveProject(loadProject(folder)).sessions;
  if (session === undefined) throw new Error('there is no session');
  return { before, after: renderSession(session.values, session.namespace), reported: sessions[0]?.differences ?? [] };
}
