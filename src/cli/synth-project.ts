import { join } from 'node:path';
import type { Summary } from '../cache/cache';
import { withoutSecrets } from '../core/redact';
import type { Problem } from '../core/diagnostics';
import { applyPlans } from '../synth/apply';
import type { OpenCache } from '../synth/open-cache';
import { OUTPUT_FOLDER } from '../model/project';
import { isManifest, isStale, planOutput, type OutputPlan } from '../synth/plan';
import type { ExitCode } from './command';
import { printNote, tellChanges, tellFresh, tellStale, tellWritten } from './output';
import { synthesize } from './synthesize';
import { deferSignals } from './defer-signals';

interface PlannedOutput {
  readonly folder: string;
  readonly plan: OutputPlan;
}

export interface SynthWish {
  readonly project: string;
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Milliseconds; before the first read. */
  readonly startedAt: number;
}

export function synthProject(open: OpenCache, { project, check, dryRun, startedAt }: SynthWish): ExitCode {
  const { outputs, problems } = synthesize(project, { cached: open });
  if (outputs === undefined) return 1;
  const plans = outputs.map(({ folder, files }) => ({
    folder,
    plan: planOutput(join(project, folder), files, open.outputIn(folder)),
  }));
  for (const { folder, plan } of plans) {
    // Flux and people have their own files in `fluxcd/`. In `dist/` a foreign file is likely a mistake.
    if (folder === OUTPUT_FOLDER)
      for (const path of plan.foreign)
        printNote(
          `${folder}/${path} is not ours${isApplied(path) ? ', and Flux would apply it: remove it' : ': it stays'}`,
        );
    if (check || dryRun) tellChanges(folder, plan);
  }
  if (check) return told(plans);
  if (!dryRun) {
    deferSignals(() => {
      applyPlans(plans.map(({ plan }) => plan));
    });
    const run = { startedAt, endedAt: Date.now(), written: writtenFiles(plans) };
    open.cache.commit(run, summaryOf(plans, problems));
  }
  const total = (of: (plan: OutputPlan) => number): number => plans.reduce((sum, { plan }) => sum + of(plan), 0);
  tellWritten(
    {
      written: total(({ created, changed }) => created.length + changed.length),
      removed: total((plan) => plan.removed.length),
      unchanged: total((plan) => plan.unchanged),
    },
    problems,
    dryRun,
  );
  return 0;
}

/** Bytes by path in the project; undefined for a removed file. */
const writtenFiles = (plans: readonly PlannedOutput[]): ReadonlyMap<string, number | undefined> =>
  new Map(
    plans.flatMap(({ folder, plan: { created, changed, removed } }) => [
      ...[...created, ...changed].map(
        ({ path, content }) => [`${folder}/${path}`, Buffer.byteLength(content)] as const,
      ),
      ...removed.map((path) => [`${folder}/${path}`, undefined] as const),
    ]),
  );

/** Undefined when each run must report foreign files. */
function summaryOf(plans: readonly PlannedOutput[], problems: readonly Problem[]): Summary | undefined {
  if (plans.some(({ folder, plan }) => folder === OUTPUT_FOLDER && plan.foreign.length > 0)) return undefined;
  return {
    problems: problems
      .filter(({ severity }) => severity !== 'info')
      .map((problem) => ({ ...problem, message: withoutSecrets(problem.message) })),
    counts: Object.fromEntries(plans.map(({ folder, plan }) => [folder, plan.files.length])),
  };
}

function told(plans: readonly PlannedOutput[]): ExitCode {
  const stale = plans.filter(({ plan }) => isStale(plan));
  const applied = plans.flatMap(({ folder, plan }) => (folder === OUTPUT_FOLDER ? plan.foreign.filter(isApplied) : []));
  for (const { folder } of stale) tellStale(folder);
  if (stale.length + applied.length > 0) return 1;
  for (const { folder, plan } of plans) tellFresh(folder, plan.unchanged);
  return 0;
}

const isApplied = (path: string): boolean =>
  /^(infra|sessions|releases|flux|nodes|exec-backend)\//.test(path) && isManifest(path);
