import { NO_RULES, type NamespaceRules } from '../admission/admit';
import { sessionSize, suspendedSize, type SessionSize } from '../admission/session-size';
import { enabledRoutes } from '../api/rules/routes';
import { IDENTITY_KEYS } from '../api/session';
import { AUTHENTICATION, imageReference } from '../api/values/names';
import type { SessionValues } from '../api/values/schema';
import { KIND_LABELS } from '../constructs/namespace/pod-policy-variables';
import { renderSession } from '../manifests/lab-session-chart';
import { greater } from '../model/pod-requests';

export class SessionSizes {
  private readonly byRules = new WeakMap<NamespaceRules, Map<string, SessionSize>>();

  /** @param rules of the session's namespace */
  of(values: SessionValues, rules: NamespaceRules = NO_RULES): SessionSize {
    const sizes = this.byRules.get(rules) ?? new Map<string, SessionSize>();
    this.byRules.set(rules, sizes);
    const key = this.keyOf(values);
    const size = sizes.get(key) ?? sessionSize(renderSession(withoutMore(values)), rules);
    sizes.set(key, size);
    return size;
  }

  asIs(values: SessionValues, rules: NamespaceRules = NO_RULES): SessionSize {
    const size = this.of(values, rules);
    if (values.suspended !== true) return size;
    const suspended = this.suspended.get(size) ?? suspendedSize(size);
    this.suspended.set(size, suspended);
    return suspended;
  }

  private readonly suspended = new WeakMap<SessionSize, SessionSize>();
  private readonly keys = new WeakMap<object, { readonly values: SessionValues; readonly key: string }>();

  /** Sessions of a class share all values but their identity. */
  private keyOf(values: SessionValues): string {
    const known = this.keys.get(values.firecracker);
    if (known !== undefined && differOnlyInIdentity(known.values, values)) return known.key;
    const key = sizeKey(values);
    this.keys.set(values.firecracker, { values, key });
    return key;
  }
}

const differOnlyInIdentity = (one: SessionValues, other: SessionValues): boolean =>
  (Object.keys({ ...one, ...other }) as (keyof SessionValues)[]).every(
    (key) => IDENTITY_KEYS.includes(key) || one[key] === other[key],
  );

type Texts = Readonly<Record<string, string>>;

const pick = (texts: Texts, isPicked: (key: string) => boolean): Texts =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => isPicked(key)));

/** Without labels and annotations that no size depends on: cdk8s needs the square of their number in time. */
function withoutMore({ labels, podLabels, annotations, ...values }: SessionValues): SessionValues {
  const isOfKind = (key: string): boolean => KIND_LABELS.includes(key);
  return {
    ...values,
    suspended: undefined,
    labels: pick(labels, isOfKind),
    podLabels: pick(podLabels, isOfKind),
    annotations: pick(annotations, (key) => AUTHENTICATION.test(key)),
  };
}

/** All values that the size depends on, or what a namespace says of the objects. */
function sizeKey(values: SessionValues): string {
  const { firecracker, terminal, codeServer, initContainers, volumes, rootfs, workload, restartPolicy } = values;
  const containers = [firecracker, terminal, codeServer, initContainers.rootfs, initContainers.network];
  return JSON.stringify([
    containers.map(({ resources, image, tag, digest }) => [resources, imageReference(image, tag, digest)]),
    [firecracker.vm, firecracker.devices, firecracker.memoryRequestPercent, volumes, rootfs.diskSize],
    [workload.kind, restartPolicy, values.service.type, values.networkPolicy.enabled, values.podLabels],
    [codeServer.password !== undefined && codeServer.existingSecret === undefined, values.priorityClassName],
    enabledRoutes(values).map(({ kind, app }) => [kind, app]),
  ]);
}

export const larger = (one: SessionSize, other: SessionSize): SessionSize => ({
  ...one,
  pods: Math.max(one.pods, other.pods),
  requests: greater(one.requests, other.requests),
  limits: greater(one.limits, other.limits),
  claims: Math.max(one.claims, other.claims),
  storage: one.storage > other.storage ? one.storage : other.storage,
});
