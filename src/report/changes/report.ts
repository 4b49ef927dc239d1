import type { Base } from '../../git/base';
import type { Problem } from '../../core/diagnostics';
import { SessionSizes } from '../../resolve/sizes';
import { capacityOf, type Capacity } from '../../capacity/capacity';
import { chartChange, type ChartChange } from './chart-change';
import { cohortChanges, type CohortChange } from './cohort-changes';
import { costChange, type CostChange } from '../../capacity/cost';
import { fileDiffs, type FileDiff } from './diffs';
import { imageChanges, type ImageChange } from './images';
import type { NodePool } from '../../capacity/scheduling-rules';
import { changedFiles, prunedObjects, type PrunedObject } from './object-changes';
import { placementOf, type Placement } from '../../capacity/placement';
import { privilegeChanges, type PrivilegeChanges } from './privilege-changes';
import { secretChanges, type SecretChange } from './secret-changes';
import { sessionChanges, type SessionChanges } from './session-changes';
import type { Snapshot } from './snapshot';
import { verdict, type Verdict } from '../../capacity/verdict';

/** Whether the sessions of one time fit. */
export interface CapacityAt {
  readonly capacity: Capacity;
  /** Where nodes are given. */
  readonly placement?: Placement;
  readonly verdict: Verdict;
}

/** What a change does to the cluster, for whoever reviews it. */
export interface Report {
  readonly base: Base;
  /** What is wrong with the project after the change; with anything here the rest is not complete. */
  readonly errors: readonly Problem[];
  /** What was wrong before. */
  readonly baseErrors: readonly Problem[];
  /** Whether `dist/` and `fluxcd/` are not what the project's files give. */
  readonly isStale: boolean;
  readonly cohorts: readonly CohortChange[];
  readonly sessions: SessionChanges;
  readonly images: readonly ImageChange[];
  readonly privileges: PrivilegeChanges;
  readonly secrets: readonly SecretChange[];
  readonly pruned: readonly PrunedObject[];
  readonly chart?: ChartChange;
  readonly before: CapacityAt;
  readonly after: CapacityAt;
  readonly cost: CostChange;
  readonly diffs: readonly FileDiff[];
}

/** What is known of a change beside the project before and after it. */
export interface Circumstances {
  readonly base: Base;
  readonly isStale: boolean;
  /** The nodes that sessions are to run on. */
  readonly nodes?: readonly NodePool[];
}

/** Compares a project before and after a change. */
export function reportOf(before: Snapshot, changed: Snapshot, { base, isStale, nodes }: Circumstances): Report {
  const sizes = new SessionSizes();
  const capacityAt = (snapshot: Snapshot): CapacityAt => {
    const capacity = capacityOf(snapshot, sizes);
    const placement = nodes === undefined ? undefined : placementOf(snapshot, nodes, sizes);
    return {
      capacity,
      ...(placement === undefined ? {} : { placement }),
      verdict: verdict(capacity, placement),
    };
  };
  // A project that is not valid has no output, and nothing of what it says can be relied on.
  const after = changed.errors.length > 0 ? { ...before, errors: changed.errors } : changed;
  const files = changedFiles(before, after);
  const pruned = prunedObjects(files);
  const chart = chartChange(before, after);
  const [was, is] = [capacityAt(before), capacityAt(after)];
  const capacities = { before: was.capacity, after: is.capacity };
  return {
    base,
    errors: after.errors,
    baseErrors: before.errors,
    isStale,
    cohorts: cohortChanges(before, after),
    sessions: sessionChanges(before, after),
    images: imageChanges(before, after),
    privileges: privilegeChanges(before, after, files),
    secrets: secretChanges(before, after),
    pruned,
    ...(chart === undefined ? {} : { chart }),
    before: was,
    after: is,
    cost: costChange(before, after, capacities),
    diffs: fileDiffs(before, after, files, pruned),
  };
}
