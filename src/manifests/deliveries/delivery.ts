import type { OutputFile } from '@dozlab/charts';
import type { Path } from '@dozlab/charts/schema';
import type { DeliverySettings } from '../../api/settings/deliveries';
import type { Permission } from '../../constructs/namespace/namespace-role';
import type { Problem } from '../../core/diagnostics';
import type { Cohort } from '../../model/cohort';
import type { Project } from '../../model/project';

/**
 * A way in which the sessions of a cohort reach the cluster: one object a file in this folder, all of them in `index.ts`. A new delivery needs its
 * file and a line there. `S` are settings of its own.
 */
export interface Delivery<S = unknown> extends DeliverySettings<S> {
  /** Whether Helm makes a release of each session. */
  readonly usesHelm: boolean;

  /** Whether one object that the cluster refuses holds up all sessions of the cohort. */
  readonly isAllOrNothing: boolean;

  /** Whether Flux acts for it: it decrypts passwords and reads `spec.flux.artifacts`. */
  readonly usesFlux: boolean;

  /** Calls that Flux needs for this delivery alone. */
  readonly permissions: readonly Permission[];

  /** The folder of the output that is applied for a cohort, such as `sessions/classroom`. */
  folder(cohort: Pick<Cohort, 'name'>): string;

  /** Problems of the cohort's settings. Settings with problems of their own are undefined. */
  check(cohort: CheckedCohort, project: CheckedProject<S>): DeliveryProblem[];

  /** Whether there is anything to apply. When there no longer is, sessions that were applied before are removed from the cluster. */
  isApplied(cohort: Cohort, project: DeliveredProject<S>): boolean;

  /** Files of a cohort beside those of its sessions, by paths within the output. */
  cohortFiles(cohort: Cohort, project: DeliveredProject<S>): OutputFile[];

  /** Files that its cohorts share, and that are there without cohorts. @default none */
  sharedFiles?(project: DeliveredProject<S>): OutputFile[];
}

export interface CheckedCohort extends Pick<Cohort, 'name' | 'namespace'> {
  readonly secrets: Cohort['secrets'] | undefined;
  readonly chart: Cohort['chart'] | undefined;
}

export interface CheckedProject<S> extends Pick<Project, 'flux'> {
  /** Names of the folders in charts/. */
  readonly chartFolders: readonly string[];
  readonly settings: S | undefined;
}

/** A problem at a path that dozlab.yaml and the file of a cohort share. */
export interface DeliveryProblem extends Pick<Problem, 'severity' | 'code' | 'message'> {
  readonly path: Path;
}

export interface DeliveredProject<S> extends Pick<Project, 'cohorts' | 'flux' | 'nodes' | 'execBackend'> {
  /** Names of the cohorts that have sessions. */
  readonly inhabited: ReadonlySet<string>;
  readonly settings: S | undefined;
}
