import { greater, sessionSize, type Amounts, type SessionSize } from '../model/pod-requests';
import { renderSession } from '../manifests/render-session';
import type { SessionValues } from '../api/values/schema';
import { sizeKey } from './size-key';

interface Asked {
  readonly parts: readonly object[];
  readonly size: SessionSize;
}

/** What sessions ask for: computed once for all that ask for the same. */
export class SessionSizes {
  private readonly known = new Map<string, SessionSize>();
  /** By one of the parts of values, which alike sessions share: what was asked with that part. */
  private readonly asked = new WeakMap<object, Asked[]>();
  private readonly suspended = new WeakMap<SessionSize, SessionSize>();

  /** The size of a session with these values, when it runs. */
  of(values: SessionValues): SessionSize {
    const { firecracker, terminal, codeServer, initContainers, volumes, rootfs, workload } = values;
    const parts = [firecracker, terminal, codeServer.resources, initContainers, volumes, rootfs, workload];
    const before = this.asked.get(firecracker) ?? [];
    const same = before.find((each) => each.parts.every((part, index) => part === parts[index]));
    if (same !== undefined) return same.size;
    const size = this.alike(values);
    this.asked.set(firecracker, [{ parts, size }, ...before.slice(0, MOST_ASKED - 1)]);
    return size;
  }

  private alike(values: SessionValues): SessionSize {
    const key = sizeKey(values);
    const size = this.known.get(key) ?? sessionSize(renderSession({ ...values, suspended: undefined }));
    this.known.set(key, size);
    return size;
  }

  /** What a session with these values takes as it is: a suspended one has no pod, but keeps its claims. */
  asIs(values: SessionValues): SessionSize {
    const size = this.of(values);
    if (values.suspended !== true) return size;
    const without = this.suspended.get(size) ?? { ...size, pods: 0, requests: NOTHING, limits: NOTHING };
    this.suspended.set(size, without);
    return without;
  }
}

/** Sessions that share a part differ in few ways; where they differ in many, looking through all of them takes longer. */
const MOST_ASKED = 16;

const NOTHING: Amounts = new Map();

/** What a session may ask for that is as large as either. */
export const larger = (one: SessionSize, other: SessionSize): SessionSize => ({
  pods: Math.max(one.pods, other.pods),
  requests: greater(one.requests, other.requests),
  limits: greater(one.limits, other.limits),
  claims: Math.max(one.claims, other.claims),
  storage: one.storage > other.storage ? one.storage : other.storage,
});
