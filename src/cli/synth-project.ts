import { join } from 'node:path';
import type { Summary } from '../cache/cache';
import { withoutSecrets } from '../core/redact';
import { withoutControls } from '../core/text';
import type { Problem } from '../core/diagnostics';
import { applyPlans } from '../synth/apply';
import type { OpenCache } from '../synth/open-cache';
import { OUTPUT_FOLDER, FLUX_FOLDER } from '../model/project';
import { disturbances, type Disturbances } from '../synth/disturbances';
import { moveProblems } from '../synth/moves';
import { hasOnlyOtherLineEnds, isStale, planOutput, type OutputPlan } from '../synth/plan';
import type { ExitCode } from './command';
import { printNote, printChanges, printFresh, printStale, printCounts, printProblems, problemCounts } from './output';
import { deferSignals } from './defer-signals';
import { synthesizeProject, type Synthesis, type SynthesizedProject } from '../synth/synthesize';
import type { OutputFile } from '@dozlab/charts';

interface PlannedOutput {
  readonly folder: string;
  readonly plan: OutputPlan;
}

export interface SynthRun {
  readonly project: string;
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Milliseconds; before the first read. */
  readonly startedAt: number;
}

export function synthProject(open: OpenCache, { project, check, dryRun, startedAt }: SynthRun): ExitCode {
  const { outputs, problems, synthesized } = synthesize(project, { cached: open });
  if (outputs === undefined) return 1;
  const plans = outputs.map(({ folder, files }) => ({
    folder,
    plan: planOutput(join(project, folder), files, open.outputIn(folder)),
  }));
  const disturbed = disturbances(project, plans, synthesized.flux);
  printProblems(disturbed.problems.map((problem) => (check ? problem : { ...problem, severity: 'warning' })));
  for (const { path } of disturbed.unread) printNote(`${withoutControls(path)} is not ours: it stays`);
  if (check || dryRun) for (const { folder, plan } of plans) printChanges(folder, plan);
  const moves = plans.flatMap(({ folder, plan }) => (folder === OUTPUT_FOLDER ? moveProblems(plan) : []));
  if (moves.length > 0) {
    printProblems(moves);
    printNote(`${problemCounts(moves)}: nothing was written`);
    return 1;
  }
  if (check) return checkResult(plans, disturbed.problems);
  if (!dryRun) {
    deferSignals(() => {
      applyPlans(plans.map(({ plan }) => plan));
    });
    const run = { startedAt, endedAt: Date.now(), written: writtenFiles(plans) };
    open.cache.commit(run, hasStrays(disturbed) ? undefined : summaryOf(plans, problems));
  }
  const total = (of: (plan: OutputPlan) => number): number => plans.reduce((sum, { plan }) => sum + of(plan), 0);
  printCounts(
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

const hasStrays = ({ problems, unread }: Disturbances): boolean => problems.length + unread.length > 0;

const summaryOf = (plans: readonly PlannedOutput[], problems: readonly Problem[]): Summary => ({
  problems: problems
    .filter(({ severity }) => severity !== 'info')
    .map((problem) => ({ ...problem, message: withoutSecrets(problem.message) })),
  counts: Object.fromEntries(plans.map(({ folder, plan }) => [folder, plan.files.length])),
});

function checkResult(plans: readonly PlannedOutput[], problems: readonly Problem[]): ExitCode {
  const stale = plans.filter(({ plan }) => isStale(plan));
  for (const { folder, plan } of stale)
    if (hasOnlyOtherLineEnds(plan)) printNote(`${folder}/ has other line ends (CRLF): ${LINE_ENDS_FIX}`);
    else printStale(folder);
  if (stale.length + problems.length > 0) return 1;
  for (const { folder, plan } of plans) printFresh(folder, plan.unchanged);
  return 0;
}

const LINE_ENDS_FIX =
  'Git converts them in this checkout. Fix: add "* text=auto eol=lf" to .gitattributes, commit it, and run dozlab synth';

interface Output {
  readonly folder: string;
  readonly files: readonly OutputFile[];
}

interface Synthesized {
  readonly outputs?: readonly Output[];
  readonly problems: readonly Problem[];
  readonly synthesized: SynthesizedProject;
}

/** Prints problems. Returns no outputs if the project has an error. */
export function synthesize(project: string, synthesis?: Synthesis): Synthesized {
  const synthesized = synthesizeProject(project, synthesis);
  const { files, fluxFiles, problems } = synthesized;
  const errorsAndWarnings = problems.filter(({ severity }) => severity !== 'info');
  printProblems(errorsAndWarnings);
  if (files === undefined || fluxFiles === undefined) {
    printNote(`${problemCounts(problems)}: nothing was written`);
    return { problems, synthesized };
  }
  const outputs = [
    { folder: OUTPUT_FOLDER, files },
    { folder: FLUX_FOLDER, files: fluxFiles },
  ];
  return { outputs, problems, synthesized };
}
