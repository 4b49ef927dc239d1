import type { ExecBackendSettings } from '../api/settings/exec-backend';
import type { FluxSettings } from '../api/settings/flux';
import type { Problem } from '../core/diagnostics';
import type { Cohort } from './cohort';
import type { Namespace } from './namespace';
import type { Nodes } from './nodes';
import type { Session } from './session';

export interface Project {
  readonly namespaces: readonly Namespace[];
  readonly cohorts: readonly Cohort[];
  readonly sessions: readonly Session[];
  readonly nodes: Nodes;
  readonly flux: FluxSettings;
  readonly deliverySettings: Readonly<Record<string, unknown>>;
  /** @default no exec backend */
  readonly execBackend?: ExecBackendSettings | undefined;
}

/** With an error among the problems, sessions may be missing. */
export interface ResolvedProject extends Project {
  readonly problems: readonly Problem[];
}

export const inhabitedCohorts = ({ sessions }: Pick<Project, 'sessions'>): ReadonlySet<string> =>
  new Set(sessions.map(({ cohort }) => cohort));

export const OUTPUT_FOLDER = 'dist';
export const FLUX_FOLDER = 'fluxcd';
