import { isSameQuantity } from '../api/values/quantity';
import { shownPath } from '../core/redact';
import { withoutApiDefaults } from './api-defaults';
import { at, isMapping, listAt, type Mapping, type Path } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';

export interface Difference {
  readonly object: string;
  /** With names for list items; empty for the whole object. */
  readonly path: string;
  readonly change: 'lost' | 'added' | 'changed';
  /** @default none: the value may be secret */
  readonly was?: string;
  readonly is?: string;
  readonly reason: string;
}

export function compareObjects(originals: readonly Mapping[], rendered: readonly Manifest[]): Difference[] {
  const differences: Difference[] = [];
  const compared = new Set<Manifest>();
  for (const original of originals) {
    const kind = at(original, ['kind']) === 'Service' ? 'Service' : 'Pod';
    const counterpart = rendered.find((each) => each.kind === kind || (kind === 'Pod' && each.kind === 'Deployment'));
    if (counterpart === undefined) {
      differences.push(difference(kind, [], 'lost'));
      continue;
    }
    compared.add(counterpart);
    if (counterpart.kind !== kind) differences.push(difference(kind, ['kind'], 'changed', kind, counterpart.kind));
    const pod = originals.find((each) => each['kind'] === 'Pod');
    const [was, is] = [original, shapeOf(counterpart)].map((each) => comparable(each, pod));
    for (const part of ['metadata', 'spec'])
      differences.push(...compare(kind, [part], at(was, [part]), at(is, [part])));
  }
  for (const other of rendered) if (!compared.has(other)) differences.push(difference(other.kind, [], 'added'));
  return differences;
}

/** For a Deployment its pod, with the name of the Deployment. */
function shapeOf(manifest: Manifest): Mapping {
  const template = at(manifest, ['spec', 'template']);
  const object = manifest.kind === 'Deployment' && isMapping(template) ? template : (manifest as unknown as Mapping);
  const metadata = { ...(object['metadata'] as Mapping), name: manifest.metadata.name };
  return withoutApiDefaults({ ...object, kind: manifest.kind === 'Deployment' ? 'Pod' : manifest.kind, metadata });
}

const ITEM_KEYS = ['mountPath', 'name', 'key'];

function comparable(object: Mapping, pod: Mapping | undefined): unknown {
  const ports = new Map<unknown, unknown>();
  for (const container of listAt(pod ?? object, ['spec', 'containers']))
    for (const port of listAt(container, ['ports'])) ports.set(at(port, ['name']), at(port, ['containerPort']));
  return byName(object, '', ports);
}

function byName(value: unknown, key: string, ports: ReadonlyMap<unknown, unknown>): unknown {
  if (['port', 'targetPort'].includes(key) && ports.has(value)) return ports.get(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => byName(item, '', ports));
    if (key === 'add' || key === 'drop') return items.map(String).sort();
    const itemKey = ITEM_KEYS.find((each) => items.every((item) => at(item, [each]) !== undefined));
    const names = items.map((item) => String(at(item, [itemKey ?? ''])));
    if (itemKey === undefined || items.length === 0 || new Set(names).size < names.length) return items;
    return Object.fromEntries(items.map((item, index) => [names[index], withoutKey(item, itemKey)]));
  }
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, byName(child, name, ports)] as const);
  const named: Record<string, unknown> = Object.fromEntries(entries);
  // The API server sets targetPort to port.
  if (named['targetPort'] !== undefined && named['targetPort'] === named['port']) delete named['targetPort'];
  return named;
}

const withoutKey = (item: unknown, key: string): Record<string, unknown> =>
  Object.fromEntries<unknown>(Object.entries(isMapping(item) ? item : {}).filter(([name]) => name !== key));

function compare(object: string, path: Path, was: unknown, is: unknown): Difference[] {
  if (isMapping(was) && isMapping(is)) {
    const keys = Array.from(new Set([...Object.keys(was), ...Object.keys(is)]));
    return keys.flatMap((key) => compare(object, [...path, key], at(was, [key]), at(is, [key])));
  }
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (isQuantityPlace(path) && isSameQuantity(was, is)) return [];
  // A mapping on one side only differs in each of its fields.
  if (was === undefined && isMapping(is)) return leaves(object, path, is, 'added');
  if (is === undefined && isMapping(was)) return leaves(object, path, was, 'lost');
  if (was === undefined) return [difference(object, path, 'added', undefined, is)];
  return [difference(object, path, is === undefined ? 'lost' : 'changed', was, is)];
}

function leaves(object: string, path: Path, value: Mapping, change: 'lost' | 'added'): Difference[] {
  const entries = Object.entries(value);
  if (entries.length === 0) return [difference(object, path, change)];
  return entries.flatMap(([key, child]) =>
    isMapping(child)
      ? leaves(object, [...path, key], child, change)
      : [difference(object, [...path, key], change, ...(change === 'lost' ? [child] : [undefined, child]))],
  );
}

const isQuantityPlace = (path: Path): boolean =>
  ['limits', 'requests'].includes(String(path.at(-2))) || path.at(-1) === 'sizeLimit';

function difference(object: string, path: Path, change: Difference['change'], was?: unknown, is?: unknown): Difference {
  const text = shownPath(path);
  const [before, after] = [shownSide(path, was), shownSide(path, is)];
  return {
    object,
    path: text,
    change,
    ...(before === undefined ? {} : { was: before }),
    ...(after === undefined ? {} : { is: after }),
    reason: reasonOf(object, text, change),
  };
}

/** Shows numbers, booleans, quantities, images and kinds. Any other text may be a secret. */
function shownSide(path: Path, value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  if (isQuantityPlace(path)) return /^[0-9.]+[A-Za-z]{0,2}$/.test(value) ? value : undefined;
  if (path.at(-1) === 'image') return /^[a-z0-9][A-Za-z0-9./:@_-]{0,127}$/.test(value) ? value : undefined;
  return path.at(-1) === 'kind' ? value : undefined;
}

const REASONS: readonly (readonly [place: RegExp, reason: string, unless?: Difference['change']])[] = [
  [/^Pod kind$/, 'a Deployment keeps the session running and accepts changes; its pod has another name'],
  [/^Pod metadata\.name$/, 'objects have the id of the session in their names'],
  [
    /^Pod metadata\.labels\.user-id$/,
    'changed to a valid label value; the annotation dozlab.io/user-id has the exact user',
  ],
  [/^(Pod|Service) metadata\.labels\["app\.kubernetes\.io\//, 'every object of a session has these labels'],
  [/^(Pod|Service) metadata\.labels\./, 'all objects of a session have its labels'],
  [/^Pod metadata\.annotations\["cluster-autoscaler/, 'an eviction would lose the work of the student'],
  [/annotations\["dozlab\.io\/user-id"\]$/, 'has the exact user'],
  [/^(Pod|Service) metadata\.annotations/, 'annotations are not read, as they may hold secrets'],
  [/^Pod spec\.automountServiceAccountToken$/, 'a session does not use the API server'],
  [/^Pod spec\.enableServiceLinks$/, 'a session gets no variables of other Services'],
  [/^Pod spec\.serviceAccountName$|^Pod spec\.serviceAccount$/, 'a session does not use the API server'],
  [
    /^Pod spec\.initContainers\.network-setup\.(command|args|env)/,
    'values reach the script as environment variables, never as program text; it writes the same /shared/network-config',
  ],
  [/\.resources\.limits\["devices\./, 'a device plugin gives the microVM its devices, as no container is privileged'],
  [/\.startupProbe\./, 'a session begins when its containers answer, and slow starts have time'],
  [/\.(liveness|readiness)Probe\.initialDelaySeconds$/, 'the startup probe takes the place of a default delay'],
  [/\.securityContext\.privileged$/, 'a session has capabilities and devices instead'],
  [/\.resources\.requests\.ephemeral-storage$/, 'the scheduler must see the disk space of the volumes'],
  [/\.resources\.limits\.ephemeral-storage$/, 'one session must not fill the disk of its node'],
  [/\.securityContext\./, 'containers have no rights that they do not need', 'lost'],
  [
    /\.firecracker-vm\.resources\.limits\./,
    'follows the size of the microVM, for which the default of the original is too small',
  ],
  [
    /^Pod spec\.volumes\.vm-kernels\.emptyDir\.sizeLimit$/,
    'follows the size of the disk, for which the default of the original is too small',
  ],
  [/\.env\.PASSWORD/, 'the password comes from the Secret of the session'],
  [/\.env\.IMAGE_DOWNLOAD_URL/, 'the part of the address from ? or # may be a credential'],
  [
    /\.env\./,
    'the value of a variable may be a secret. Fix: refer to a Secret or ConfigMap with valueFrom (extraEnv)',
    'added',
  ],
  [/\.(command|args)$/, 'the image decides what its container runs'],
  [/^Service spec\.ports\..*nodePort$/, 'the cluster assigns the port of the node'],
  [/^Secret /, 'no file holds a password. Fix: dozlab secret set'],
  [/metadata\.namespace$/, 'the namespace of the cohort'],
  [/^NetworkPolicy /, 'isolates the session; networkPolicy.enabled: false leaves it out'],
  [/^PersistentVolumeClaim /, 'a volume with persistence'],
  [/^(Ingress|HTTPRoute) /, 'a route of the project or cohort'],
];

export function reasonOf(object: string, path: string, change: Difference['change']): string {
  const place = `${object} ${path}`;
  const found = REASONS.find(([pattern, , unless]) => unless !== change && pattern.test(place))?.[1];
  if (found !== undefined) return found;
  return change === 'lost' ? 'no value of a session sets it' : 'the same for every session';
}
