import { createHash } from 'node:crypto';

/**
 * The shard of a cohort that names none (Flux, "Sharding and horizontal scaling"): each shard draws a number for the cohort, and the highest
 * wins. So it depends on nothing but the names, and another shard takes over its own part of the cohorts and moves no other.
 */
export function shardOf(cohort: string, shards: readonly string[]): string | undefined {
  const drawn = shards.map((shard) => ({ shard, lot: lotOf(shard, cohort) }));
  return drawn.sort((one, other) => (one.lot > other.lot ? -1 : 1))[0]?.shard;
}

const lotOf = (shard: string, cohort: string): string =>
  createHash('sha256').update(`${shard}/${cohort}`).digest('hex');
