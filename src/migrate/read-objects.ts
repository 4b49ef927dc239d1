import { meaningOfKey } from '../core/consumers/metadata';
import type { Diagnostics, Problem } from '../core/diagnostics';
import { at, isMapping, type Mapping } from '@dozlab/charts/schema';
import { withoutApiDefaults } from './api-defaults';
import { Draft, type Item, type Original } from './original';
import { readPod } from './pod-values';

const KINDS = ['Pod', 'Service', 'Secret'];

export const isSessionObject = ({ kind }: Item): boolean => kind !== undefined && KINDS.includes(kind);

const START_OF_NAME = 'lab-session-';

export function readObjects(items: readonly Item[], diagnostics: Diagnostics): Original[] {
  const used = new Set<Item>();
  const byName = new Map(items.map((item) => [keyOf(item.kind, item.namespace, item.name), item]));
  const originals = items.flatMap((pod) => {
    if (pod.kind !== 'Pod') return [];
    used.add(pod);
    const why = notASession(pod);
    if (why !== undefined) {
      diagnostics.add([pod.notCarried([], why)]);
      return [];
    }
    return [readSession(pod, byName, used, diagnostics)].filter((found) => found !== undefined);
  });
  for (const item of items) {
    if (used.has(item)) continue;
    diagnostics.add([item.notCarried([], `the ${item.kind ?? ''} belongs to no Pod of a lab session in the input`)]);
  }
  return originals;
}

const keyOf = (kind: string | undefined, namespace: string | undefined, name: string): string =>
  [kind, namespace, name].join('/');

/** @returns the reason, or undefined for a session */
function notASession(pod: Item): string | undefined {
  if (pod.get('metadata', 'ownerReferences') !== undefined)
    return 'another object owns this Pod, so it is not a session in an older form';
  const containers = pod.get('spec', 'containers');
  const isSession =
    Array.isArray(containers) && containers.some((container) => at(container, ['name']) === 'firecracker-vm');
  return isSession ? undefined : 'it is not a lab session: it has no container firecracker-vm';
}

function readSession(
  pod: Item,
  byName: ReadonlyMap<string, Item>,
  used: Set<Item>,
  diagnostics: Diagnostics,
): Original | undefined {
  const id = pod.text('metadata', 'labels', 'session-id') ?? pod.name.slice(START_OF_NAME.length);
  const userId = pod.text('metadata', 'annotations', 'dozlab.io/user-id') ?? pod.text('metadata', 'labels', 'user-id');
  if (userId === undefined) {
    const message = 'is missing; accepted: a label with the user of the session';
    diagnostics.add([pod.problem('error', 'missing', ['metadata', 'labels', 'user-id'], message)]);
    return undefined;
  }
  const draft = new Draft(pod);
  const cleaned = withoutApiDefaults(pod.content);
  readPod(cleaned, id, draft);
  const objects: Mapping[] = [cleaned];
  const service = byName.get(keyOf('Service', pod.namespace, `lab-service-${id}`));
  if (service !== undefined) {
    used.add(service);
    readService(service, draft);
    objects.push(withoutApiDefaults(service.content));
  }
  const secret = byName.get(keyOf('Secret', pod.namespace, `${START_OF_NAME}${id}-secrets`));
  if (secret !== undefined) used.add(secret);
  for (const item of [pod, service, secret]) diagnostics.add(item === undefined ? [] : annotationsOf(item));
  return {
    form: pod.get('status') === undefined && pod.get('metadata', 'uid') === undefined ? 'manifest' : 'live',
    place: pod.place,
    id,
    userId,
    ...(pod.namespace === undefined ? {} : { namespace: pod.namespace }),
    values: draft.values,
    objects: () => objects,
    hasPassword: secret !== undefined,
    at: (severity, code, path, message) =>
      path.join('.') === 'session.id'
        ? pod.problem(severity, code, ['metadata', 'labels', 'session-id'], message)
        : path.join('.') === 'session.userId'
          ? pod.problem(severity, code, ['metadata', 'labels', 'user-id'], message)
          : draft.problem(severity, code, path, message),
  };
}

const PORTS = ['vscode', 'terminal', 'ssh'];

function readService(service: Item, draft: Draft): void {
  draft.set(['service', 'type'], service.get('spec', 'type'), ['spec', 'type'], service);
  const ports = service.get('spec', 'ports');
  (Array.isArray(ports) ? ports : []).forEach((port: unknown, index) => {
    const name = at(port, ['name']);
    if (typeof name === 'string' && PORTS.includes(name))
      draft.set(['service', 'ports', name], at(port, ['port']), ['spec', 'ports', index, 'port'], service);
  });
}

/** Annotations of kubectl and of Dozlab. */
const OWN_ANNOTATIONS = ['kubectl.kubernetes.io/last-applied-configuration', 'dozlab.io/user-id'];

function annotationsOf(item: Item): Problem[] {
  const annotations = item.get('metadata', 'annotations');
  return Object.keys(isMapping(annotations) ? annotations : {})
    .filter((name) => !OWN_ANNOTATIONS.includes(name) && meaningOfKey(name) === undefined)
    .map((name) =>
      item.notCarried(
        ['metadata', 'annotations', name],
        'annotations may hold secrets. Fix: copy the others to the value annotations',
      ),
    );
}
