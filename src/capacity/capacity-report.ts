import { quantityOf, quantityWithin, type Amounts } from '../model/pod-requests';
import type { Prices } from '../api/settings/prices';
import { SessionSizes } from '../resolve/sizes';
import { capacityOf, cohortCapacity, type Capacity, type Demand } from './capacity';
import { costOf, pricesOf, type Cost, type ProjectCost } from './cost';
import { cohortPlacement, placementOf, type Placement } from './placement';
import type { ProjectState, LabRoom } from './project-state';
import type { NamespaceUsage } from './quota-usage';
import type { NodePool } from './scheduling-rules';
import { verdict, type Verdict } from './verdict';

export interface CapacityReport {
  readonly capacity: Capacity;
  /** Undefined without nodes. */
  readonly placement?: Placement | undefined;
  readonly cost: ProjectCost;
  readonly prices?: Prices | undefined;
  readonly verdict: Verdict;
  /** What may go wrong although the sessions fit. */
  readonly warnings: readonly string[];
}

export function capacityReport(
  state: ProjectState,
  pools: readonly NodePool[] | undefined,
  cohort: string | undefined,
): CapacityReport {
  const sizes = new SessionSizes();
  const all = capacityOf(state, sizes);
  const placed = pools === undefined ? undefined : placementOf(state, pools, sizes);
  const capacity = cohort === undefined ? all : cohortCapacity(all, cohort);
  const prices = pricesOf(state);
  return {
    capacity,
    placement: placed === undefined || cohort === undefined ? placed : cohortPlacement(placed, cohort),
    cost: costOf(capacity, prices),
    prices,
    verdict: verdict(all, placed, cohort),
    warnings: capacityWarnings(placed),
  };
}

export function capacityWarnings(placement: Placement | undefined): string[] {
  if (placement === undefined) return [];
  const { total, largest, nodes } = placement.memoryLimits;
  const text = (what: string, limit: bigint, memory: bigint): string =>
    `${what} ${quantityOf('memory', limit)} on ${quantityWithin('memory', memory)}: a node kills sessions when they use more than it has`;
  if (largest > nodes.largest) return [text('memory limit of one session', largest, nodes.largest)];
  return total > nodes.total ? [text('memory limits', total, nodes.total)] : [];
}

/** Amounts are Kubernetes quantities. Free amounts are rounded down, all others up. */
export const capacityJson = ({
  capacity,
  placement,
  cost,
  prices,
  verdict: { fits, text, reasons },
  warnings,
}: CapacityReport): object => ({
  fits,
  verdict: text,
  reasons,
  warnings,
  total: demandJson(capacity.total),
  cohorts: capacity.cohorts.map(({ cohort, labs, ...demand }) => ({
    cohort,
    ...demandJson(demand),
    labs: labs.map(({ lab, ...ofLab }) => ({ lab, ...demandJson(ofLab) })),
  })),
  namespaces: capacity.namespaces.map(namespaceJson),
  nodes: placement === undefined ? null : placementJson(placement),
  cost: {
    prices: prices ?? null,
    total: costJson(cost.total),
    perTen: cost.perTen === undefined ? null : costJson(cost.perTen),
    cohorts: Array.from(cost.cohorts, ([cohort, each]) => ({ cohort, ...costJson(each) })),
  },
});

const quantitiesByName = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries(Array.from(amounts, ([resource, amount]) => [resource, quantityOf(resource, amount)]));

const demandJson = ({ running, suspended, requests, limits, claims, storage }: Demand): object => ({
  running,
  suspended,
  requests: quantitiesByName(requests),
  limits: quantitiesByName(limits),
  claims,
  storage: quantityOf('storage', storage),
});

const namespaceJson = ({ namespace, cohorts, resources, room }: NamespaceUsage): object => ({
  namespace,
  cohorts,
  quota: resources.map(({ resource, hard, state, used, left }) => ({
    resource,
    state,
    hard: quantityOf(resource, hard),
    used: used === undefined ? null : quantityOf(resource, used),
    left: left === undefined ? null : quantityWithin(resource, left),
  })),
  room: room.map(roomJson),
});

const roomJson = ({ cohort, lab, sessions, limitedBy }: LabRoom): object => ({
  ...{ cohort, lab, sessions: sessions ?? null, limitedBy },
});

const placementJson = ({ nodes, sessions, placed, resources, groups, room, uncounted }: Placement): object => ({
  ...{ nodes, sessions, placed },
  resources: resources.map(({ resource, allocatable, taken, sessions: asked, free }) => ({
    resource,
    allocatable: quantityWithin(resource, allocatable),
    taken: quantityOf(resource, taken),
    sessions: quantityOf(resource, asked),
    free: quantityWithin(resource, free),
  })),
  groups: groups.map((group) => ({
    cohort: group.cohort,
    lab: group.lab,
    sessions: group.ids.length,
    placed: group.placed,
    unplaced: group.unplaced,
    requests: quantitiesByName(group.requests),
    shortage:
      group.shortage === undefined
        ? null
        : {
            nodes: group.shortage.nodes,
            resources: group.shortage.resources.map(({ resource, asked, largestFree }) => ({
              resource,
              asked: quantityOf(resource, asked),
              largestFree: quantityWithin(resource, largestFree),
            })),
          },
  })),
  room: room.map(roomJson),
  uncounted,
});

const costJson = ({ sessions, cpu, memory, money }: Cost): object => ({
  sessions,
  cpu: quantityOf('cpu', cpu),
  memory: quantityOf('memory', memory),
  money: money === undefined ? null : Math.round(money * 100) / 100,
});
