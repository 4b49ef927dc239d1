import { join } from 'node:path';
import { isStale, planOutput, writeOutput, type OutputPlan } from '../../project/output-folder';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { count, note, out, summary } from '../print';
import { synthesize } from '../synthesize';

export const OUTPUT_FOLDER = 'dist';

interface SynthOptions extends ProjectOptions {
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

export const synth: Command<SynthOptions> = {
  command: 'synth',
  describe: 'Write the manifests of all sessions to dist/',
  builder: {
    ...projectOption,
    check: {
      type: 'boolean',
      describe: 'Write nothing; fail when dist/ is not what it should be',
      conflicts: 'dry-run',
    },
    'dry-run': { type: 'boolean', describe: 'Write nothing; list what would change' },
  },
  run({ project, check = false, dryRun = false }) {
    const { files, problems } = synthesize(project);
    if (files === undefined) return 1;
    const folder = join(project, OUTPUT_FOLDER);
    const plan = planOutput(folder, files);
    for (const path of plan.foreign) note(`${OUTPUT_FOLDER}/${path} is not ours: it stays`);
    if (check || dryRun) for (const line of changes(plan)) out(line);
    if (check) {
      note(
        isStale(plan)
          ? `${OUTPUT_FOLDER}/ is stale: run dozlab synth and commit the result`
          : `${OUTPUT_FOLDER}/ is fresh: ${count(files.length, 'file')}`,
      );
      return isStale(plan) ? 1 : 0;
    }
    if (!dryRun) writeOutput(folder, plan);
    note(
      `${dryRun ? 'would write' : 'wrote'} ${count(plan.created.length + plan.changed.length, 'file')}, ${dryRun ? 'remove' : 'removed'} ${String(plan.removed.length)}, ${String(plan.unchanged)} unchanged (${summary(problems)})`,
    );
    return 0;
  },
};

const changes = ({ created, changed, removed }: OutputPlan): string[] => [
  ...created.map(({ path }) => `new      ${OUTPUT_FOLDER}/${path}`),
  ...changed.map(({ path }) => `changed  ${OUTPUT_FOLDER}/${path}`),
  ...removed.map((path) => `removed  ${OUTPUT_FOLDER}/${path}`),
];
