import type { OutputFile } from '@dozlab/charts';
import type { Path } from '@dozlab/charts/schema';
import type { DeliverySettings } from '../../api/settings/deliveries';
import type { Permission } from '../../constructs/namespace/namespace-role';
import type { Problem } from '../../core/diagnostics';
import type { Cohort } from '../../model/cohort';
import type { Project } from '../../model/project';

/** `index.ts` lists all deliveries. `S` are the delivery's own settings. */
export interface Delivery<S = unknown> extends DeliverySettings<S> {
  readonly usesHelm: boolean;

  /** One rejected object stops all sessions of the cohort. */
  readonly isAllOrNothing: boolean;

  /** Flux decrypts passwords and reads `spec.flux.artifacts`. */
  readonly usesFlux: boolean;

  /** Calls that Flux needs only for this delivery. */
  readonly permissions: readonly Permission[];

  /** Such as `sessions/classroom`. */
  folder(cohort: Pick<Cohort, 'name'>): string;

  /** Settings with problems are undefined. */
  check(cohort: CheckedCohort, project: CheckedProject<S>): DeliveryProblem[];

  /** If false, earlier sessions are removed from the cluster. */
  isApplied(cohort: Cohort, project: DeliveredProject<S>): boolean;

  cohortFiles(cohort: Cohort, project: DeliveredProject<S>): OutputFile[];

  /**
   * Written even without cohorts.
   * @default none
   */
  sharedFiles?(project: DeliveredProject<S>): OutputFile[];
}

export interface CheckedCohort extends Pick<Cohort, 'name' | 'namespace'> {
  readonly secrets: Cohort['secrets'] | undefined;
  readonly chart: Cohort['chart'] | undefined;
}

export interface CheckedProject<S> extends Pick<Project, 'flux'> {
  /** Folders in charts/. */
  readonly chartFolders: readonly string[];
  readonly settings: S | undefined;
}

export interface DeliveryProblem extends Pick<Problem, 'severity' | 'code' | 'message'> {
  readonly path: Path;
}

export interface DeliveredProject<S> extends Pick<Project, 'cohorts' | 'flux' | 'nodes' | 'execBackend'> {
  /** Cohorts with sessions. */
  readonly inhabited: ReadonlySet<string>;
  readonly hasMonitoring: boolean;
  readonly settings: S | undefined;
}
