import type { ExecBackendSettings } from '../api/settings/exec-backend';
import type { FluxSettings } from '../api/settings/flux';
import type { Problem } from '../core/diagnostics';
import type { Cohort } from './cohort';
import type { Namespace } from './namespace';
import type { Nodes } from './nodes';
import type { Session } from './session';

/** A project with all settings resolved, ready to be rendered. */
export interface Project {
  readonly namespaces: readonly Namespace[];
  readonly cohorts: readonly Cohort[];
  readonly sessions: readonly Session[];
  readonly nodes: Nodes;
  readonly flux: FluxSettings;
  /** Settings of deliveries that have some, by their keys in `spec` of dozlab.yaml. */
  readonly deliverySettings: Readonly<Record<string, unknown>>;
  /** @default no exec backend */
  readonly execBackend?: ExecBackendSettings | undefined;
}

/** A project and its problems. With an error among these, sessions may be missing. */
export interface ResolvedProject extends Project {
  readonly problems: readonly Problem[];
}

/** Names of the cohorts that have sessions. */
export const inhabitedCohorts = ({ sessions }: Pick<Project, 'sessions'>): ReadonlySet<string> =>
  new Set(sessions.map(({ cohort }) => cohort));

/** The folders of a project's output: manifests, and the entry point of Flux. */
export const OUTPUT_FOLDER = 'dist';
export const FLUX_FOLDER = 'fluxcd';
