import { shardOf } from '../../src/model/cohort';

const COHORTS = Array.from({ length: 300 }, (_, index) => `class-${String(index)}`);
const SHARDS = ['one', 'two', 'three'];

const spread = (shards: readonly string[]): Map<string, string | undefined> =>
  new Map(COHORTS.map((cohort) => [cohort, shardOf(cohort, shards)]));

test('every shard gets about its part of the cohorts', () => {
  const shards = Array.from(spread(SHARDS).values());
  for (const shard of SHARDS) expect(shards.filter((each) => each === shard).length).toBeGreaterThan(70);
});

test('the order of the shards is nothing to a cohort', () => {
  expect(spread([...SHARDS].reverse())).toEqual(spread(SHARDS));
});

test('another shard takes over its part, and moves nothing else', () => {
  const [before, after] = [spread(SHARDS), spread([...SHARDS, 'four'])];
  const moved = COHORTS.filter((cohort) => before.get(cohort) !== after.get(cohort));
  expect(moved.length).toBeGreaterThan(40);
  expect(new Set(moved.map((cohort) => after.get(cohort)))).toEqual(new Set(['four']));
});

test('it is the same in every version', () => {
  expect(['classroom', 'sandbox', 'class'].map((cohort) => shardOf(cohort, SHARDS))).toEqual(['two', 'two', 'one']);
  expect(shardOf('class', [])).toBeUndefined();
});
