import { readWhole, type Whole } from '../../cache/store';
import { differingFolders, digestsOf, INPUTS, listNow, OUTPUT, type Digests } from '../../cache/fingerprint';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { printProblems } from '../output';
import { tellFresh, tellWritten } from '../synth-result';

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
    const whole = readWhole(project);
    const isSame = (before: Digests, names: readonly string[]): boolean =>
      differingFolders(before, digestsOf(listNow(project, names))).length === 0;
    if (whole !== undefined && isSame(whole.inputs, INPUTS) && isSame(whole.output, OUTPUT)) {
      tellUnchanged(whole, check, dryRun);
      return 0;
    }
    const { synthProject } = await import('../synth-project.js');
    return synthProject({ project, check, dryRun, startedAt });
  },
};

function tellUnchanged({ problems, counts }: Whole, check: boolean, dryRun: boolean): void {
  printProblems(problems);
  if (check) for (const [folder, files] of Object.entries(counts)) tellFresh(folder, files);
  else {
    const unchanged = Object.values(counts).reduce((sum, files) => sum + files, 0);
    tellWritten({ written: 0, removed: 0, unchanged }, problems, dryRun);
  }
}
