import { quantityOf, quantityWithin, type Amounts } from '../model/pod-requests';
import type { Prices } from '../api/settings/prices';
import type { Capacity } from './capacity';
import type { Cost, ProjectCost } from './cost';
import type { Demand } from './demand';
import type { LabRoom } from './representative-session';
import type { Placement } from './placement';
import type { NamespaceUsage } from './quota-usage';
import type { Verdict } from './verdict';

/** All that `dozlab capacity -o json` prints. Amounts are Kubernetes quantities; what is left is rounded down, all else up. */
export interface CapacityParts {
  readonly capacity: Capacity;
  readonly placement?: Placement | undefined;
  readonly cost: ProjectCost;
  readonly prices?: Prices | undefined;
  readonly verdict: Verdict;
}

/** The report for programs. */
export const capacityJson = ({ capacity, placement, cost, prices, verdict }: CapacityParts): object => ({
  fits: verdict.fits,
  verdict: verdict.text,
  reasons: verdict.reasons,
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

/** Amounts as quantities by resource name. */
export const quantities = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries(Array.from(amounts, ([resource, amount]) => [resource, quantityOf(resource, amount)]));

const demandJson = ({ running, suspended, requests, limits, claims, storage }: Demand): object => ({
  running,
  suspended,
  requests: quantities(requests),
  limits: quantities(limits),
  claims,
  storage: quantityOf('storage', storage),
});

const namespaceJson = ({ namespace, cohorts, resources, room }: NamespaceUsage): object => ({
  namespace,
  cohorts,
  quota: resources.map(({ resource, hard, used, left }) => ({
    resource,
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
    requests: quantities(group.requests),
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
