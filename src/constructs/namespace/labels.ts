/** Labels of all objects except those of sessions. */
export const MANAGED_LABELS = { 'app.kubernetes.io/part-of': 'dozlab', 'app.kubernetes.io/managed-by': 'dozlab' };

/** Metadata of an object in a namespace, with these labels. */
export const managedMetadata = (namespace: string, name: string) => ({ name, namespace, labels: MANAGED_LABELS });

/** The label that names the shard of Flux (Flux, "Sharding and horizontal scaling"). */
export const SHARD_LABEL = 'sharding.fluxcd.io/key';

/** Labels of an object of Flux. The controllers of a shard act on objects with its label only, those without a shard on objects without it. */
export const fluxLabels = (shard: string | undefined): Readonly<Record<string, string>> =>
  shard === undefined ? MANAGED_LABELS : { ...MANAGED_LABELS, [SHARD_LABEL]: shard };
