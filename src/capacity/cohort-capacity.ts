import type { Capacity } from './capacity';
import { demandOf } from './demand';
import type { Placement } from './placement';
import { SessionSizes } from '../resolve/sizes';

/** The parts of reports that concern one cohort. */

/** What a cohort asks for, and the quota of its namespace, of which other cohorts may take their share. */
export const cohortCapacity = ({ cohorts, namespaces }: Capacity, cohort: string): Capacity => {
  const demand = cohorts.find((each) => each.cohort === cohort);
  return {
    total: demand ?? demandOf([], new SessionSizes()),
    cohorts: demand === undefined ? [] : [demand],
    namespaces: namespaces
      .filter((usage) => usage.cohorts.includes(cohort))
      .map((usage) => ({ ...usage, room: usage.room.filter((each) => each.cohort === cohort) })),
  };
};

/** How a cohort's sessions fit onto nodes, beside those of all others: resources are those of all. */
export const cohortPlacement = (placement: Placement, cohort: string): Placement => {
  const groups = placement.groups.filter((group) => group.cohort === cohort);
  return {
    ...placement,
    groups,
    sessions: groups.reduce((total, { ids }) => total + ids.length, 0),
    placed: groups.reduce((total, { placed }) => total + placed, 0),
    room: placement.room.filter((each) => each.cohort === cohort),
  };
};
