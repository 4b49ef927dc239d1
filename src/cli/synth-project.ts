import { join } from 'node:path';
import { Memory } from '../cache/cache';
import { applyPlans } from '../synth/apply';
import { OUTPUT_FOLDER } from '../model/project';
import { isManifest, isStale, planOutput, type OutputPlan } from '../synth/plan';
import type { ExitCode } from './command';
import { printNote } from './output';
import { synthesize } from './synthesize';
import { tellChanges, tellFresh, tellStale, tellWritten } from './synth-result';
import { deferSignals } from './defer-signals';

/** What `synth` is to do. */
export interface SynthWish {
  readonly project: string;
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Milliseconds before which nothing was read. */
  readonly startedAt: number;
}

/** Makes a project's output, and writes what is not there yet. */
export function synthProject({ project, check, dryRun, startedAt }: SynthWish): ExitCode {
  const memory = new Memory(project, startedAt);
  const { outputs, problems, synthesized } = synthesize(project, { memory });
  if (outputs === undefined) return 1;
  const plans = outputs.map(({ folder, files }) => ({
    folder,
    files,
    plan: planOutput(join(project, folder), files, memory.outputIn(folder)),
  }));
  for (const { folder, plan } of plans) {
    // What Flux and people keep in its folder is theirs; in dist/ it is likely to be a mistake.
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
    memory.keep(synthesized, plans);
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

/** Whether all folders are fresh, which is told. */
function told(plans: readonly { readonly folder: string; readonly plan: OutputPlan }[]): ExitCode {
  const stale = plans.filter(({ plan }) => isStale(plan));
  const applied = plans.flatMap(({ folder, plan }) => (folder === OUTPUT_FOLDER ? plan.foreign.filter(isApplied) : []));
  for (const { folder } of stale) tellStale(folder);
  if (stale.length + applied.length > 0) return 1;
  for (const { folder, plan } of plans) tellFresh(folder, plan.unchanged);
  return 0;
}

/** Whether Flux applies what is in a folder of the output. */
const isApplied = (path: string): boolean =>
  /^(infra|sessions|releases|flux|nodes|exec-backend)\//.test(path) && isManifest(path);
