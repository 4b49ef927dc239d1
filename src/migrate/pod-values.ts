import { meaningOfKey } from '../core/consumers/metadata';
import { CONTAINERS, type ContainerPath, CONTRACT } from '../api/rules/containers';
import { RESERVED_LABELS } from '../api/rules/metadata';
import { isCapability } from '../api/values/capabilities';
import { defaultValues } from '../api/values/defaults';
import type { Draft } from './original';
import { at, isMapping, type Mapping, type Path } from '@dozlab/charts/schema';

/** List and name of each container, by the path of its values. */
const PLACES: Readonly<Record<string, readonly [list: string, name: string]>> = {
  'initContainers.rootfs': ['initContainers', 'init-rootfs'],
  'initContainers.network': ['initContainers', 'network-setup'],
  firecracker: ['containers', 'firecracker-vm'],
  terminal: ['containers', 'terminal-sidecar'],
  codeServer: ['containers', 'code-server'],
};

const VARIABLES: readonly (readonly [container: string, variable: string, value: Path])[] = [
  ['initContainers.rootfs', 'IMAGE_DOWNLOAD_URL', ['rootfs', 'imageUrl']],
  ['initContainers.rootfs', 'IMAGE_SIZE', ['rootfs', 'diskSize']],
  ['initContainers.rootfs', 'IMAGE_SHA256', ['rootfs', 'sha256']],
  ['firecracker', 'CPU_COUNT', ['firecracker', 'vm', 'cpuCount']],
  ['firecracker', 'MEMORY', ['firecracker', 'vm', 'memory']],
  ['firecracker', 'GATEWAY_IP', ['network', 'gatewayIp']],
  ['firecracker', 'VM_IP', ['network', 'vmIp']],
  ['firecracker', 'TAP_DEVICE_NAME', ['network', 'tapDevice']],
];

const named = (list: unknown, name: string): readonly [index: number, item: unknown] => {
  const items: unknown[] = Array.isArray(list) ? list : [];
  const index = items.findIndex((item) => at(item, ['name']) === name);
  return [index, items[index]];
};

export function readPod(pod: Mapping, id: string, draft: Draft): void {
  for (const field of SAME_FIELDS) draft.set([field], at(pod, ['spec', field]), ['spec', field]);
  for (const path of CONTAINERS) readContainer(pod, path, draft);
  for (const [container, variable, path] of VARIABLES) {
    const [list = '', name = ''] = PLACES[container] ?? [];
    const [index, found] = named(at(pod, ['spec', list]), name);
    const [place, entry] = named(at(found, ['env']), variable);
    draft.set(path, at(entry, ['value']), ['spec', list, index, 'env', place, 'value']);
  }
  readCapabilities(pod, draft);
  readVolumes(pod, draft);
  readCodeServer(pod, id, draft);
  readPullPolicy(pod, draft);
  const labels = Object.entries(mappingAt(pod, ['metadata', 'labels'])).filter(
    ([name]) => !(RESERVED_LABELS as readonly string[]).includes(name) && !isOfProgram(name),
  );
  for (const [name, value] of labels)
    for (const map of ['labels', 'podLabels']) draft.set([map, name], value, ['metadata', 'labels', name]);
}

/** The new delivery sets its own. */
const isOfProgram = (label: string): boolean => label === 'pod-template-hash' || meaningOfKey(label) !== undefined;

const mappingAt = (tree: unknown, path: Path): Mapping => {
  const value = at(tree, path);
  return isMapping(value) ? value : {};
};

function readContainer(pod: Mapping, path: ContainerPath, draft: Draft): void {
  const [list = '', name = ''] = PLACES[path.join('.')] ?? [];
  const [index, container] = named(at(pod, ['spec', list]), name);
  if (container === undefined) return;
  const from = ['spec', list, index];
  for (const [key, value] of Object.entries(imageParts(at(container, ['image']))))
    draft.set([...path, key], value, [...from, 'image']);
  readResources(container, path, from, draft);
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
    readProbe(at(container, [probe]), [...path, probe], [...from, probe], draft);
  const references = referencesOf(container, CONTRACT[path.join('.')] ?? []);
  if (references.length > 0) draft.set([...path, 'extraEnv'], references, [...from, 'env']);
}

/** An image with a tag and a digest stays one name. */
function imageParts(image: unknown): Record<string, unknown> {
  const [, name, tag, digest] =
    /^(.+?)(?::([^/:@]+))?(?:@(sha256:[a-f0-9]{64}))?$/.exec(typeof image === 'string' ? image : '') ?? [];
  if (name === undefined || (tag !== undefined && digest !== undefined)) return { image };
  return { image: name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function readResources(container: unknown, path: ContainerPath, from: Path, draft: Draft): void {
  for (const kind of ['limits', 'requests']) {
    const given = mappingAt(container, ['resources', kind]);
    for (const [name, value] of Object.entries(given)) {
      if (path[0] === 'firecracker' && isDevice(name)) continue;
      draft.set([...path, 'resources', kind, name], value, [...from, 'resources', kind, name]);
    }
    for (const name of Object.keys(mappingAt(defaultValues(), [...path, 'resources', kind])))
      if (!Object.hasOwn(given, name)) draft.set([...path, 'resources', kind, name], null, from);
  }
}

const isDevice = (name: string): boolean =>
  Object.values(mappingAt(defaultValues(), ['firecracker', 'devices'])).includes(name);

function readProbe(probe: unknown, path: Path, from: Path, draft: Draft): void {
  const isTcp = path[0] === 'firecracker';
  if (at(probe, [isTcp ? 'tcpSocket' : 'httpGet']) === undefined) return;
  // Missing fields have the defaults of the API server, not of a session.
  const times = { initialDelaySeconds: null, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
  for (const [name, fallback] of Object.entries(times))
    draft.set([...path, name], at(probe, [name]) ?? fallback, [...from, name]);
  if (!isTcp) draft.set([...path, 'path'], at(probe, ['httpGet', 'path']) ?? '/', [...from, 'httpGet', 'path']);
}

/** A privileged container has all of them, and no list. */
function readCapabilities(pod: Mapping, draft: Draft): void {
  const [index, container] = named(at(pod, ['spec', 'containers']), 'firecracker-vm');
  const context = at(container, ['securityContext']);
  const added: unknown = at(context, ['capabilities', 'add']) ?? [];
  if (container === undefined || at(context, ['privileged']) === true || !Array.isArray(added)) return;
  if (added.every(isCapability) && new Set(added).size === added.length)
    draft.set(['firecracker', 'capabilities'], Array.from(added).sort(), [
      'spec',
      'containers',
      index,
      'securityContext',
    ]);
}

/** A literal value may be secret. */
const referencesOf = (container: unknown, contract: readonly string[]): unknown[] => {
  const env = at(container, ['env']);
  return (Array.isArray(env) ? env : []).filter(
    (entry: unknown) =>
      !contract.includes(String(at(entry, ['name']))) &&
      ['secretKeyRef', 'configMapKeyRef', 'fieldRef'].some((kind) => at(entry, ['valueFrom', kind]) !== undefined),
  );
};

function readVolumes(pod: Mapping, draft: Draft): void {
  for (const [name, volume] of Object.entries(VOLUMES)) {
    const [index, found] = named(at(pod, ['spec', 'volumes']), name);
    const from = ['spec', 'volumes', index];
    draft.set(['volumes', volume, 'sizeLimit'], at(found, ['emptyDir', 'sizeLimit']), [
      ...from,
      'emptyDir',
      'sizeLimit',
    ]);
    const claim = at(found, ['persistentVolumeClaim', 'claimName']);
    if (claim === undefined) continue;
    draft.set(['volumes', volume, 'persistence', 'enabled'], true, from);
    draft.set(['volumes', volume, 'persistence', 'existingClaim'], claim, [
      ...from,
      'persistentVolumeClaim',
      'claimName',
    ]);
  }
}

function readCodeServer(pod: Mapping, id: string, draft: Draft): void {
  const [index, container] = named(at(pod, ['spec', 'containers']), 'code-server');
  const [place, password] = named(at(container, ['env']), 'PASSWORD');
  const from = ['spec', 'containers', index];
  const secret = at(password, ['valueFrom', 'secretKeyRef']);
  const name = at(secret, ['name']);
  if (name !== `lab-session-${id}-secrets`)
    draft.set(['codeServer', 'existingSecret'], name, [...from, 'env', place, 'valueFrom', 'secretKeyRef', 'name']);
  const key = at(secret, ['key']);
  if (key !== 'vscode-password')
    draft.set(['codeServer', 'existingSecretKey'], key, [...from, 'env', place, 'valueFrom', 'secretKeyRef', 'key']);
  const mounts = at(container, ['volumeMounts']);
  const all: unknown[] = Array.isArray(mounts) ? mounts : [];
  const workspace = all.find((mount) => at(mount, ['mountPath']) === '/workspace');
  draft.set(['codeServer', 'workspaceReadOnly'], at(workspace, ['readOnly']), [...from, 'volumeMounts']);
}

/** Sets the pull policy only if all containers have the same. */
function readPullPolicy(pod: Mapping, draft: Draft): void {
  const all = Object.values(PLACES).map(([list, name]) => named(at(pod, ['spec', list]), name)[1]);
  const policies = new Set(all.map((container) => at(container, ['imagePullPolicy'])));
  if (policies.size === 1) draft.set(['imagePullPolicy'], Array.from(policies)[0], ['spec', 'containers']);
}

export const VOLUMES = {
  'vm-kernels': 'kernels',
  'vm-data': 'vmData',
  'vscode-data': 'vscodeData',
  'shared-config': 'sharedConfig',
};

export const SAME_FIELDS = [
  'restartPolicy',
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'priorityClassName',
  'runtimeClassName',
  'terminationGracePeriodSeconds',
  'imagePullSecrets',
];
