import type { ExecBackendSettings } from '../api/settings/exec-backend';
import type { FluxSettings } from '../api/settings/flux';
import type { Problem } from '../core/diagnostics';
import type { Cohort } from './cohort';
import type { Session } from './session';
import type { NodeSettings } from '../api/settings/nodes';
import type { InfraSettings } from '../api/settings/infra';
import type { Quantity } from '../api/values/quantity';
import type { SessionValues } from '../api/values/schema';

export interface Namespace {
  readonly name: string;
  readonly settings: InfraSettings;
  /** @default no quota */
  readonly quota?: Readonly<Record<string, Quantity>>;
  /** `*` at the end matches any rest. */
  readonly images: readonly string[];
  /** The most that the container of the microVM may add. */
  readonly capabilities: readonly string[];
  readonly releaseAccounts: readonly string[];
  readonly networkPolicy: SessionValues['networkPolicy'];
}

const EXISTING = /^(default|kube-.*)$/;

export const isOwnNamespace = (name: string): boolean => !EXISTING.test(name);

export interface Nodes {
  readonly settings: NodeSettings;
  readonly devices: readonly Device[];
  /** Of the values of the project. */
  readonly pulling: Pulling;
  readonly labs: readonly ({ readonly name: string; readonly images: readonly string[] } & Pulling)[];
}

/** How images are pulled. */
export interface Pulling {
  /** @default Kubernetes decides by the tag */
  readonly imagePullPolicy?: string | undefined;
  readonly imagePullSecrets: readonly string[];
}

/** A device of the node. */
export interface Device {
  readonly resource: string;
  readonly path: string;
}

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
