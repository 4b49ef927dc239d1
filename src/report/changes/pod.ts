import { at, isMapping, listAt, type Path } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { manifestsIn, parsed } from './manifest-text';

/** The pod of a session, as its manifests have it. */
export interface SessionPod {
  readonly kind: 'Deployment' | 'Pod';
  /** Number of pods; undefined where that is left to whoever sets it in the cluster. */
  readonly replicas?: number;
  /** What the pod is made of: any change of it replaces the pod of a Deployment. */
  readonly template: unknown;
  readonly spec: unknown;
}

/** The pod in a session's manifests; undefined when there is none, as of a suspended Pod. */
export function podOf(manifests: string): SessionPod | undefined {
  for (const { object, text } of manifestsIn(manifests)) {
    if (object.kind !== 'Deployment' && object.kind !== 'Pod') continue;
    const manifest = parsed(text);
    if (manifest !== undefined) return podIn(manifest);
  }
  return undefined;
}

function podIn(manifest: Manifest): SessionPod {
  if (manifest.kind === 'Pod') return { kind: 'Pod', template: at(manifest, ['spec']), spec: at(manifest, ['spec']) };
  const template = at(manifest, ['spec', 'template']);
  const replicas = at(manifest, ['spec', 'replicas']);
  return {
    kind: 'Deployment',
    template,
    spec: at(template, ['spec']),
    ...(typeof replicas === 'number' ? { replicas } : {}),
  };
}

export const textAt = (tree: unknown, path: Path): string => {
  const value = at(tree, path);
  return typeof value === 'string' ? value : '';
};

/** All containers of a pod, with those that run before the others. */
export const containersOf = (spec: unknown): readonly unknown[] => [
  ...listAt(spec, ['initContainers']),
  ...listAt(spec, ['containers']),
];

/** The claims of a pod's volumes, by the volumes' names; undefined for what ends with the pod. */
export const volumesOf = (spec: unknown): ReadonlyMap<string, string | undefined> =>
  new Map(
    listAt(spec, ['volumes']).map((volume) => {
      const claim = at(volume, ['persistentVolumeClaim', 'claimName']);
      return [textAt(volume, ['name']), typeof claim === 'string' ? claim : undefined];
    }),
  );

/** A pod without its images. */
export const withoutImages = (spec: unknown): unknown =>
  isMapping(spec)
    ? {
        ...spec,
        containers: listAt(spec, ['containers']).map(withoutImage),
        initContainers: listAt(spec, ['initContainers']).map(withoutImage),
      }
    : spec;

const withoutImage = (container: unknown): unknown =>
  isMapping(container) ? { ...container, image: undefined } : container;

/** A pod without its tolerations. */
export const withoutTolerations = (spec: unknown): unknown =>
  isMapping(spec) ? { ...spec, tolerations: undefined } : spec;

/** Whether a pod tolerates all that another one does. */
export function toleratesAllOf(spec: unknown, other: unknown): boolean {
  const texts = (of: unknown): string[] => listAt(of, ['tolerations']).map((each) => JSON.stringify(each));
  const own = texts(spec);
  return texts(other).every((each) => own.includes(each));
}
