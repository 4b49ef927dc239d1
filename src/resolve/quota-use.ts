import { isEnforced } from '../admission/quota-usage';
import type { SessionSize } from '../admission/session-size';
import { nano } from '../api/values/quantity';
import { quantityOf, type Amounts } from '../model/pod-requests';
import type { HardLimits } from './quota-amounts';

/** What other objects of the project use in a namespace, by key of a quota. */
export interface OtherUse {
  /** Of objects that exist before the quota limits anything. */
  readonly before: Amounts;
  readonly applied: Amounts;
}

export const NO_USE: OtherUse = { before: new Map(), applied: new Map() };

/** A key of a quota, beside what objects use of it. Amounts are in billionths of the unit. */
export interface QuotaUse {
  /** `requests.cpu`, `pods`. */
  readonly resource: string;
  readonly hard: bigint;
  /** As given. */
  readonly limit: string;
  /**
   * `not enforced`: the API server takes the key, which limits nothing. `not counted`: what uses it is not in the
   * project.
   */
  readonly state: 'counted' | 'not enforced' | 'not counted';
  /** 0 unless counted. */
  readonly used: bigint;
  /** The part of objects that exist before the quota limits anything. */
  readonly before: bigint;
  /** The part that an apply creates: above the limit, it fails. */
  readonly applied: bigint;
}

export interface Excess {
  readonly resource: string;
  readonly asked: string;
  readonly limit: string;
  /** The cluster refuses an apply, and not only pods that a controller makes later. */
  readonly failsApply: boolean;
}

export function quotaUses(hard: HardLimits, sizes: readonly SessionSize[], others = NO_USE): QuotaUse[] {
  const counts = new Map<SessionSize, bigint>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0n) + 1n);
  const total = (key: string, amounts: (size: SessionSize) => Amounts): bigint =>
    Array.from(counts).reduce((all, [size, count]) => all + (amounts(size).get(key) ?? 0n) * count, 0n);
  const hasDefaultClass = sizes.some((size) => size.hasDefaultClass);
  return Object.entries(hard).map(([resource, limit]) => {
    const state = stateOf(resource, hasDefaultClass);
    const common = { resource, hard: nano(limit), limit: String(limit), state };
    if (state !== 'counted') return { ...common, used: 0n, before: 0n, applied: 0n };
    const before = others.before.get(resource) ?? 0n;
    const applied = total(resource, (size) => size.applied) + (others.applied.get(resource) ?? 0n);
    return { ...common, before, applied, used: before + applied + total(resource, (size) => size.created) };
  });
}

/** Objects that controllers of others make or read: the project has files of them, in forms of their own. */
const UNCOUNTED = /^count\/[^.]+\.(bitnami\.com|(generators\.)?external-secrets\.io)$/;

function stateOf(resource: string, hasDefaultClass: boolean): QuotaUse['state'] {
  if (!isEnforced(resource)) return 'not enforced';
  const isUnknown = UNCOUNTED.test(resource) || (hasDefaultClass && resource.includes('.storageclass.storage.k8s.io/'));
  return isUnknown ? 'not counted' : 'counted';
}

export const excesses = (uses: readonly QuotaUse[]): Excess[] =>
  uses
    .filter(({ used, before, hard }) => used > hard && used > before)
    .map(({ resource, used, limit, applied }) => ({
      resource,
      asked: quantityOf(resource, used),
      limit,
      failsApply: applied > 0n,
    }));

export const usedOf = ({ applied, created }: SessionSize, resource: string): bigint =>
  (applied.get(resource) ?? 0n) + (created.get(resource) ?? 0n);
