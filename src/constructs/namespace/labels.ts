/** Labels of everything that stands around sessions. */
export const MANAGED_LABELS = { 'app.kubernetes.io/part-of': 'dozlab', 'app.kubernetes.io/managed-by': 'dozlab' };

/** Names the shard of Flux that acts on an object. */
export const SHARD_LABEL = 'sharding.fluxcd.io/key';

/**
 * The same labels for an object of Flux, which the controllers of a shard act on, and no others (Flux, "Sharding and horizontal scaling"). The
 * controllers that have no shard act on those without the label.
 */
export const fluxLabels = (shard: string | undefined): Readonly<Record<string, string>> =>
  shard === undefined ? MANAGED_LABELS : { ...MANAGED_LABELS, [SHARD_LABEL]: shard };
