import { capacityOf, type Capacity } from '../../capacity/capacity';
import { capacityJson, capacityWarnings } from '../../capacity/capacity-report';
import { costChange, costOf, type CostChange } from '../../capacity/cost';
import { placementOf, type Placement } from '../../capacity/placement';
import type { NodePool } from '../../capacity/scheduling-rules';
import { verdict, type Verdict } from '../../capacity/verdict';
import type { Problem } from '../../core/diagnostics';
import type { Base } from '../../git/history';
import { SessionSizes } from '../../resolve/sizes';
import { fileDiffs, type FileDiff } from './diffs';
import { chartChange, outputChanges, prunedObjects, type ChartChange, type PrunedObject } from './output-changes';
import { privilegeChanges, type PrivilegeChanges } from './privilege-changes';
import { secretChanges, sessionChanges, type SecretChange, type SessionChanges } from './session-changes';
import { risksOf, type Risks } from '../risks/risks';
import type { Snapshot } from './snapshot';
import type { StrayFile } from './stray-files';
import { imageChanges, type ImageChange } from './value-changes';
import type { Cohort } from '../../model/cohort';
import { grouped } from '../../core/group-by';

export interface CapacityAt {
  readonly capacity: Capacity;
  /** Undefined without nodes. */
  readonly placement?: Placement;
  readonly verdict: Verdict;
}

export interface Report {
  readonly base: Base;
  /** With errors, the rest of the report compares nothing. */
  readonly errors: readonly Problem[];
  readonly baseErrors: readonly Problem[];
  /** `dist/` or `fluxcd/` differs from the output of `synth`. */
  readonly isStale: boolean;
  /** Files that Dozlab did not generate and that programs read with its output. */
  readonly strays: readonly StrayFile[];
  readonly risks: Risks;
  readonly cohorts: readonly CohortChange[];
  readonly sessions: SessionChanges;
  readonly images: readonly ImageChange[];
  readonly privileges: PrivilegeChanges;
  readonly secrets: readonly SecretChange[];
  /** Generated files of Secrets differ. `diffs` never contain them. */
  readonly hasSecretFiles: boolean;
  readonly pruned: readonly PrunedObject[];
  readonly chart?: ChartChange;
  readonly before: CapacityAt;
  readonly after: CapacityAt;
  readonly cost: CostChange;
  readonly diffs: readonly FileDiff[];
}

export interface ComparisonOptions {
  readonly base: Base;
  readonly isStale: boolean;
  /** @default none */
  readonly strays?: readonly StrayFile[];
  readonly nodes?: readonly NodePool[];
}

export function compareSnapshots(
  before: Snapshot,
  changed: Snapshot,
  { base, isStale, strays = [], nodes }: ComparisonOptions,
): Report {
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
  // A project with errors has no output, and its model is not reliable.
  const after = changed.errors.length > 0 ? { ...before, errors: changed.errors } : changed;
  const files = outputChanges(before, after);
  const pruned = prunedObjects(files);
  const chart = chartChange(before, after);
  const sessions = sessionChanges(before, after);
  const privileges = privilegeChanges(before, after, files);
  const secrets = secretChanges(before, after);
  const [was, is] = [capacityAt(before), capacityAt(after)];
  const capacities = { before: was.capacity, after: is.capacity };
  return {
    base,
    errors: after.errors,
    baseErrors: before.errors,
    isStale,
    strays,
    risks: risksOf(before, after, { files, sessions, privileges, pruned, secrets }),
    cohorts: cohortChanges(before, after),
    sessions,
    images: imageChanges(before, after),
    privileges,
    secrets,
    hasSecretFiles: files.some(({ path }) => path.endsWith('.secret.yaml')),
    pruned,
    ...(chart === undefined ? {} : { chart }),
    before: was,
    after: is,
    cost: costChange(before, after, capacities),
    diffs: fileDiffs(before, after, files, pruned),
  };
}

/** Amounts are Kubernetes quantities. */
export const reportJson = ({ before, after, cost, chart, ...report }: Report): object => ({
  fits: after.verdict.fits,
  verdict: after.verdict.text,
  ...report,
  chart: chart ?? null,
  capacity: { before: capacityAtJson(before, cost), after: capacityAtJson(after, cost) },
});

const capacityAtJson = ({ capacity, placement, verdict: isFitting }: CapacityAt, { prices }: CostChange): object =>
  capacityJson({
    capacity,
    placement,
    verdict: isFitting,
    prices,
    cost: costOf(capacity, prices),
    warnings: capacityWarnings(placement),
  });

interface CohortChange {
  readonly cohort: string;
  readonly change: 'new' | 'changed' | 'removed' | 'same';
  /** After the change, or before it for a removed cohort. */
  readonly namespace: string;
  readonly before: number;
  readonly after: number;
  /** `delivery kustomize → helm` */
  readonly settings: readonly string[];
}

function cohortChanges(before: Snapshot, after: Snapshot): CohortChange[] {
  const [was, is] = [before, after].map(
    ({ resolved }) => new Map(resolved.cohorts.map((cohort) => [cohort.name, cohort])),
  ) as [Map<string, Cohort>, Map<string, Cohort>];
  const [sessions, sessionsAfter] = [before, after].map(({ sessions: all }) =>
    grouped(Array.from(all.values()), ({ cohort }) => cohort),
  );
  return Array.from(new Set([...was.keys(), ...is.keys()]))
    .sort()
    .map((name) => {
      const [old, young] = [was.get(name), is.get(name)];
      const settings = old === undefined || young === undefined ? [] : settingsChanged(old, young);
      return {
        cohort: name,
        change: changeOf(old, young, settings),
        namespace: (young ?? old)?.namespace ?? '',
        before: sessions?.get(name)?.length ?? 0,
        after: sessionsAfter?.get(name)?.length ?? 0,
        settings,
      };
    });
}

function changeOf(
  was: Cohort | undefined,
  is: Cohort | undefined,
  settings: readonly string[],
): CohortChange['change'] {
  if (was === undefined) return 'new';
  if (is === undefined) return 'removed';
  return settings.length === 0 ? 'same' : 'changed';
}

function settingsChanged(was: Cohort, is: Cohort): string[] {
  const facts: readonly [string, string, string][] = [
    ['namespace', was.namespace, is.namespace],
    ['delivery', was.delivery, is.delivery],
    ['secrets', was.secrets.provider, is.secrets.provider],
    ['chart', chartText(was), chartText(is)],
  ];
  return facts.filter(([, old, young]) => old !== young).map(([what, old, young]) => `${what} ${old} → ${young}`);
}

const chartText = ({ chart: { version, oci } }: Cohort): string =>
  [version ?? 'of this project', ...(oci === undefined ? [] : [`from ${oci.url}`, oci.digest ?? ''])].join(' ').trim();
