import { join } from 'node:path';
import { isStale, planOutput, writeOutputs } from '../../project/output-folder';
import { Memory } from '../../project/memory';
import type { OutputPlan, PlannedFolder } from '../../project/output-plan';
import { OUTPUT_FOLDER } from '../../project/synth';
import { projectOption, type Command, type ExitCode, type ProjectOptions } from '../command';
import { count, note, out, summary } from '../print';
import { synthesize } from '../synthesize';
import { uninterrupted } from '../uninterrupted';

interface SynthOptions extends ProjectOptions {
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

export const synth: Command<SynthOptions> = {
  builder: {
    ...projectOption,
    check: {
      type: 'boolean',
      describe: 'Write nothing; fail when dist/ or fluxcd/ is not what it should be',
      conflicts: 'dry-run',
    },
    'dry-run': { type: 'boolean', describe: 'Write nothing; list what would change' },
  },
  run({ project, check = false, dryRun = false }) {
    const memory = Memory.of(project);
    const { outputs, problems, synthesized } = synthesize(project, memory);
    if (outputs === undefined) return 1;
    const plans = outputs.map(({ folder, files }) => ({
      folder,
      files,
      plan: planOutput(join(project, folder), files, (file, stamp) => memory.isCurrent(folder, file, stamp)),
    }));
    for (const { folder, plan } of plans) {
      // What Flux and people keep in its folder is theirs; in dist/ it is likely to be a mistake.
      if (folder === OUTPUT_FOLDER) for (const path of plan.foreign) note(`${folder}/${path} is not ours: it stays`);
      if (check || dryRun) for (const line of changes(folder, plan)) out(line);
    }
    if (check) return told(plans);
    if (!dryRun) {
      uninterrupted(() => {
        writeOutputs(plans.map(({ folder, plan }) => ({ folder: join(project, folder), plan })));
      });
      const endedAt = Date.now();
      const written = plans.map(({ folder, files, plan: { created, changed } }) => ({
        folder,
        files,
        written: [...created, ...changed].map(({ path }) => path),
        endedAt,
      }));
      memory.keep(synthesized.loaded, synthesized, written);
    }
    const total = (of: (plan: OutputPlan) => number): number => plans.reduce((sum, { plan }) => sum + of(plan), 0);
    const written = total(({ created, changed }) => created.length + changed.length);
    const removed = total((plan) => plan.removed.length);
    const unchanged = total((plan) => plan.unchanged);
    note(
      `${dryRun ? 'would write' : 'wrote'} ${count(written, 'file')}, ${dryRun ? 'remove' : 'removed'} ${String(removed)}, ${String(unchanged)} unchanged (${summary(problems)})`,
    );
    return 0;
  },
};

/** Whether all folders are fresh, which is told. */
function told(plans: readonly PlannedFolder[]): ExitCode {
  const stale = plans.filter(({ plan }) => isStale(plan));
  const applied = plans.flatMap(({ folder, plan }) => (folder === OUTPUT_FOLDER ? plan.foreign.filter(isApplied) : []));
  for (const path of applied) note(`${OUTPUT_FOLDER}/${path} is not ours, and Flux would apply it: remove it`);
  for (const { folder } of stale) note(`${folder}/ is stale: run dozlab synth and commit the result`);
  if (stale.length + applied.length > 0) return 1;
  for (const { folder, plan } of plans) note(`${folder}/ is fresh: ${count(plan.unchanged, 'file')}`);
  return 0;
}

/** Whether Flux applies what is in a folder of the output. */
const isApplied = (path: string): boolean =>
  /^(infra|sessions|releases|flux|nodes|exec-backend)\/.*\.(ya?ml|json)$/.test(path);

const changes = (folder: string, { created, changed, removed }: OutputPlan): string[] => [
  ...created.map(({ path }) => `new      ${folder}/${path}`),
  ...changed.map(({ path }) => `changed  ${folder}/${path}`),
  ...removed.map((path) => `removed  ${folder}/${path}`),
];
