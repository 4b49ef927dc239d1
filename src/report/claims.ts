import type { Manifest } from '../render/yaml';
import { at, isMapping } from '../schema/tree';
import { nano, QUANTITY } from '../values/quantity';
import { manifestsIn, parsed } from './manifest-text';

export const CLAIM = 'PersistentVolumeClaim';

/** The claims among a session's manifests, by their names. They end with the session. */
export const claimsIn = (manifests: string): ReadonlyMap<string, Manifest | undefined> =>
  new Map(
    manifestsIn(manifests)
      .filter(({ object }) => object.kind === CLAIM)
      .map(({ object, text }) => [object.name, parsed(text)]),
  );

/** Whether the API server refuses a change of claims: of what they ask for only the size may change, and it only grows. */
export function isClaimRefused(before: string, after: string): boolean {
  const claims = claimsIn(after);
  return Array.from(claimsIn(before)).some(([name, was]) => {
    const is = claims.get(name);
    if (was === undefined || is === undefined) return false;
    return withoutSize(was) !== withoutSize(is) || sizeOf(is) < sizeOf(was);
  });
}

const SIZE = ['spec', 'resources', 'requests', 'storage'];

function sizeOf(claim: Manifest): bigint {
  const size = at(claim, SIZE);
  return typeof size === 'string' && QUANTITY.test(size) ? nano(size) : 0n;
}

function withoutSize(claim: Manifest): string {
  const spec = at(claim, ['spec']);
  return JSON.stringify(isMapping(spec) ? { ...spec, resources: undefined } : spec);
}
