import { SessionSizes } from '../resolve/sizes';
import { cohortDemands, demandOf, type CohortDemand, type Demand } from './demand';
import type { ProjectState } from './project-state';
import { namespaceUsages, type NamespaceUsage } from './quota-usage';

/** What a project's sessions ask for, and how much of the quotas that takes. */
export interface Capacity {
  readonly total: Demand;
  readonly cohorts: readonly CohortDemand[];
  readonly namespaces: readonly NamespaceUsage[];
}

/**
 * The capacity that a project needs, computed as the scheduler does: a pod asks for the sum of its containers, or for its greatest init
 * container where that is more. Sessions that are not valid are missing: look at the problems of the project first.
 */
export function capacityOf(state: ProjectState, sizes = new SessionSizes()): Capacity {
  return {
    total: demandOf(state.resolved.sessions, sizes),
    cohorts: cohortDemands(state, sizes),
    namespaces: namespaceUsages(state, sizes),
  };
}
