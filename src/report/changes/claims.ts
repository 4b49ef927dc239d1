import type { Manifest } from '@dozlab/charts/yaml';
import { at, isMapping } from '@dozlab/charts/schema';
import { nano, QUANTITY } from '../../api/values/quantity';
import { manifestsIn, parsed } from './manifest-text';

export const CLAIM = 'PersistentVolumeClaim';

/** Claims by their names. */
export type Claims = ReadonlyMap<string, Manifest | undefined>;

/** The claims among a session's manifests. They end with the session. */
export const claimsIn = (manifests: string): Claims =>
  new Map(
    manifestsIn(manifests)
      .filter(({ object }) => object.kind === CLAIM)
      .map(({ object, text }) => [object.name, parsed(text)]),
  );

/** Whether the API server refuses a change of claims: of what they ask for only the size may change, and it only grows. */
export const isClaimRefused = (before: Claims, after: Claims): boolean =>
  Array.from(before).some(([name, was]) => {
    const is = after.get(name);
    if (was === undefined || is === undefined) return false;
    return withoutSize(was) !== withoutSize(is) || sizeOf(is) < sizeOf(was);
  });

const SIZE = ['spec', 'resources', 'requests', 'storage'];

function sizeOf(claim: Manifest): bigint {
  const size = at(claim, SIZE);
  return typeof size === 'string' && QUANTITY.test(size) ? nano(size) : 0n;
}

function withoutSize(claim: Manifest): string {
  const spec = at(claim, ['spec']);
  return JSON.stringify(isMapping(spec) ? { ...spec, resources: undefined } : spec);
}
