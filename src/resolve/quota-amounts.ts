import type { Quantity } from '../api/values/quantity';
import { nano } from '../api/values/quantity';
import { isExtended } from '../admission/resource-list';
import type { SessionSize } from '../admission/session-size';
import { quantityOf, type Amounts } from '../model/pod-requests';
import { PRESET_LIMITS } from '../api/settings/quota-limits';
import type { InfraSettings } from '../api/settings/infra';

export type HardLimits = Readonly<Record<string, Quantity>>;

/** Requests of the pods that `helm test` and cert-manager's solvers start beside a session. */
const HELPER = new Map([
  ['cpu', nano('20m')],
  ['memory', nano('128Mi')],
]);

/** @returns undefined if the quota is off, or has no preset, `maxSessions` or `hard` */
export function hardLimits(
  { quota }: InfraSettings,
  maxSessions: number | undefined,
  size: SessionSize | undefined,
): HardLimits | undefined {
  if (!quota.enabled) return undefined;
  const base = quota.preset === undefined ? computed(maxSessions, size) : preset(PRESET_LIMITS[quota.preset], size);
  const hard = { ...base, ...quota.hard };
  return Object.keys(hard).length === 0 ? undefined : hard;
}

/** A preset forbids claims. If sessions have claims, it allows as many as its pods need. */
const preset = (limits: HardLimits, size: SessionSize | undefined): HardLimits =>
  'persistentvolumeclaims' in limits && size !== undefined && size.claims > 0
    ? { ...limits, persistentvolumeclaims: String(size.claims * Number(limits['pods'])) }
    : limits;

/**
 * If sessions request no device, the number of pods limits them. Claims get no limit: Flux applies all sessions or
 * none, so one claim over the quota would block all of them.
 */
function computed(maxSessions: number | undefined, size: SessionSize | undefined): HardLimits {
  if (maxSessions === undefined || size === undefined) return {};
  const isCounted = Array.from(size.requests).some(([name, amount]) => isExtended(name) && amount > 0n);
  const requests = Array.from(withHelpers(size.requests, isCounted)).map(([name, amount]): [string, string] => [
    `requests.${name}`,
    quantityOf(name, amount * BigInt(maxSessions)),
  ]);
  return {
    ...Object.fromEntries(requests),
    pods: String(isCounted ? maxSessions * 2 : maxSessions),
  };
}

const withHelpers = (requests: Amounts, isCounted: boolean): Amounts =>
  isCounted
    ? new Map(Array.from(requests).map(([name, amount]) => [name, amount + (HELPER.get(name) ?? 0n)]))
    : requests;
