import type { SessionValues } from '../api/values/schema';
import { renderSession } from '../manifests/lab-session-chart';
import { type Amounts, greater, sessionSize, type SessionSize } from '../model/pod-requests';

export class SessionSizes {
  private readonly sizes = new Map<string, SessionSize>();

  of(values: SessionValues): SessionSize {
    const key = sizeKey(values);
    const size = this.sizes.get(key) ?? sessionSize(renderSession({ ...values, suspended: undefined }));
    this.sizes.set(key, size);
    return size;
  }

  /** A suspended session has only its claims. */
  asIs(values: SessionValues): SessionSize {
    const size = this.of(values);
    return values.suspended === true ? { ...size, pods: 0, requests: NOTHING, limits: NOTHING } : size;
  }
}

const NOTHING: Amounts = new Map();

/** All values that the size depends on. */
function sizeKey({
  firecracker,
  terminal,
  codeServer,
  initContainers,
  volumes,
  rootfs,
  workload,
}: SessionValues): string {
  const containers = [firecracker, terminal, codeServer, initContainers.rootfs, initContainers.network];
  const resources = containers.map((container) => container.resources);
  return JSON.stringify([resources, firecracker.vm, firecracker.devices, volumes, rootfs.diskSize, workload.kind]);
}

export const larger = (one: SessionSize, other: SessionSize): SessionSize => ({
  pods: Math.max(one.pods, other.pods),
  requests: greater(one.requests, other.requests),
  limits: greater(one.limits, other.limits),
  claims: Math.max(one.claims, other.claims),
  storage: one.storage > other.storage ? one.storage : other.storage,
});
