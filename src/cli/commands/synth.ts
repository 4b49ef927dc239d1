import type { Summary } from '../../cache/cache';
import { openCache } from '../../synth/open-cache';
import { hasOuterRules } from '../../synth/outer-files';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { printProblems, printFresh, printCounts } from '../output';

interface SynthOptions extends ProjectOptions {
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

export const synth: Command<SynthOptions> = {
  builder: {
    ...projectOption,
    check: {
      type: 'boolean',
      describe: 'Write nothing; fail if dist/ or fluxcd/ is stale',
      conflicts: 'dry-run',
    },
    'dry-run': { type: 'boolean', describe: 'Write nothing; list what would change' },
  },
  async run({ project, check = false, dryRun = false }) {
    const startedAt = Date.now();
    const open = openCache(project);
    if (open.summary !== undefined && !hasOuterRules(project)) {
      printUnchanged(open.summary, check, dryRun);
      return 0;
    }
    const { synthProject } = await import('../synth-project.js');
    return synthProject(open, { project, check, dryRun, startedAt });
  },
};

function printUnchanged({ problems, counts }: Summary, check: boolean, dryRun: boolean): void {
  printProblems(problems);
  if (check) for (const [folder, files] of Object.entries(counts)) printFresh(folder, files);
  else {
    const unchanged = Object.values(counts).reduce((sum, files) => sum + files, 0);
    printCounts({ written: 0, removed: 0, unchanged }, problems, dryRun);
  }
}
