export const MANAGED_LABELS = { 'app.kubernetes.io/part-of': 'dozlab', 'app.kubernetes.io/managed-by': 'dozlab' };

export const managedMetadata = (namespace: string, name: string) => ({ name, namespace, labels: MANAGED_LABELS });

/** Flux, "Sharding and horizontal scaling". */
export const SHARD_LABEL = 'sharding.fluxcd.io/key';

/** Controllers without a shard ignore objects with the label. */
export const fluxLabels = (shard: string | undefined): Readonly<Record<string, string>> =>
  shard === undefined ? MANAGED_LABELS : { ...MANAGED_LABELS, [SHARD_LABEL]: shard };
