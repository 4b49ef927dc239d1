import { at, isMapping, listAt } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { nano, QUANTITY } from '../../api/values/quantity';
import { manifestsIn, parseManifest, textAt } from './manifest-text';

export interface SessionParts {
  /** Undefined without a pod, as in a suspended session with the workload Pod. */
  readonly pod: SessionPod | undefined;
  readonly claims: Claims;
}

export interface SessionPod {
  readonly kind: 'Deployment' | 'Pod';
  readonly replicas?: number;
  /** A Deployment replaces its pod when this changes. */
  readonly template: unknown;
  readonly spec: unknown;
}

export type Claims = ReadonlyMap<string, Manifest | undefined>;

export const partsOf = (manifests: string): SessionParts => ({ pod: podOf(manifests), claims: claimsIn(manifests) });

export function podOf(manifests: string): SessionPod | undefined {
  for (const { object, text } of manifestsIn(manifests)) {
    if (object.kind !== 'Deployment' && object.kind !== 'Pod') continue;
    const manifest = parseManifest(text);
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

export const containersOf = (spec: unknown): readonly unknown[] => [
  ...listAt(spec, ['initContainers']),
  ...listAt(spec, ['containers']),
];

/** Undefined for a volume that is deleted with the pod. */
export const volumesOf = (spec: unknown): ReadonlyMap<string, string | undefined> =>
  new Map(
    listAt(spec, ['volumes']).map((volume) => {
      const claim = at(volume, ['persistentVolumeClaim', 'claimName']);
      return [textAt(volume, ['name']), typeof claim === 'string' ? claim : undefined];
    }),
  );

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

export const withoutTolerations = (spec: unknown): unknown =>
  isMapping(spec) ? { ...spec, tolerations: undefined } : spec;

export function toleratesAllOf(spec: unknown, other: unknown): boolean {
  const texts = (of: unknown): string[] => listAt(of, ['tolerations']).map((each) => JSON.stringify(each));
  const own = texts(spec);
  return texts(other).every((each) => own.includes(each));
}

const CLAIM = 'PersistentVolumeClaim';

const claimsIn = (manifests: string): Claims =>
  new Map(
    manifestsIn(manifests)
      .filter(({ object }) => object.kind === CLAIM)
      .map(({ object, text }) => [object.name, parseManifest(text)]),
  );

/** The API server allows only a larger size of a claim. */
export const isClaimRefused = (before: Claims, after: Claims): boolean =>
  Array.from(before).some(([name, was]) => {
    const is = after.get(name);
    if (was === undefined || is === undefined) return false;
    return withoutSize(was) !== withoutSize(is) || sizeOf(is) < sizeOf(was);
  });

function sizeOf(claim: Manifest): bigint {
  const size = at(claim, ['spec', 'resources', 'requests', 'storage']);
  return typeof size === 'string' && QUANTITY.test(size) ? nano(size) : 0n;
}

function withoutSize(claim: Manifest): string {
  const spec = at(claim, ['spec']);
  return JSON.stringify(isMapping(spec) ? { ...spec, resources: undefined } : spec);
}
