import { type Condition, conditionsFrom, type Finding, holds, lacks } from './conditions';
import type { LabSessionObject } from './live-objects';
import type { Phase, Plan, Replacements } from './observed';

/** The status of a LabSession. */
export interface LabSessionState {
  readonly observedGeneration: number;
  readonly phase: Phase;
  /** Why it is not Ready, in one line. Absent if it is. */
  readonly message?: string;
  readonly conditions: readonly Condition[];
  /** Addresses in the cluster, while the session is not suspended. */
  readonly endpoints?: Endpoints;
  /** When each step of the present start was done. RFC 3339. */
  readonly timings: Readonly<Partial<Record<Step, string>>>;
  readonly replacements: Replacements;
}

export interface Endpoints {
  readonly vscode: string;
  readonly terminal: string;
}

const STEPS = ['Scheduled', 'ImagesReady', 'RootfsReady', 'Booted', 'Ready'] as const;

type Step = Uncapitalize<(typeof STEPS)[number]>;

/** Phases in which the controller cannot go on without somebody's change. */
const STALLED: readonly Phase[] = ['Invalid', 'Conflict'];

/** The status that a session is to have. Equal input gives equal output, so an unchanged one needs no write. */
export function statusOf(
  session: LabSessionObject,
  { findings, phase, replacements }: Plan,
  now: Date,
): LabSessionState {
  const { generation } = session.metadata;
  const before = (session.status as Partial<LabSessionState> | undefined)?.conditions ?? [];
  const all = withSummary(findings, phase);
  const conditions = conditionsFrom(all, before, generation, now.toISOString());
  const cause = all.find(({ type, status }) => type !== 'Ready' && type !== 'Expiring' && status === 'False');
  const ready = all.find(({ type }) => type === 'Ready');
  const message = ready?.status === 'True' ? undefined : (cause ?? ready)?.message;
  return {
    observedGeneration: generation,
    phase,
    ...(message === undefined ? {} : { message }),
    conditions,
    ...(phase === 'Suspended' || STALLED.includes(phase) ? {} : { endpoints: endpointsOf(session) }),
    timings: timingsOf(conditions),
    replacements,
  };
}

/** With `Ready`, which `kubectl wait` and Flux look at, and `Stalled`, by which Flux knows that waiting is in vain. */
function withSummary(findings: readonly Finding[], phase: Phase): Finding[] {
  const [first] = findings.filter(({ status }) => status === 'False');
  const isStalled = STALLED.includes(phase) && first !== undefined;
  return [
    ...findings,
    ...(isStalled ? [lacks('Ready', first.reason, first.message), holds('Stalled', first.reason, first.message)] : []),
  ];
}

/** Ports of the Service that every session has: 8080 VS Code, 8081 terminal. */
function endpointsOf({ metadata: { name, namespace } }: LabSessionObject): Endpoints {
  const host = `lab-service-${name}.${namespace}.svc`;
  return { vscode: `http://${host}:8080`, terminal: `http://${host}:8081` };
}

const timingsOf = (conditions: readonly Condition[]): LabSessionState['timings'] =>
  Object.fromEntries(
    STEPS.flatMap((type) => {
      const condition = conditions.find((each) => each.type === type && each.status === 'True');
      return condition === undefined ? [] : [[uncapitalized(type), condition.lastTransitionTime]];
    }),
  );

const uncapitalized = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
