import { readKept, type Whole } from '../../project/kept';
import { changesAhead } from '../../project/changes-ahead';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { note, problemLines } from '../print';
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
      describe: 'Write nothing; fail when dist/ or fluxcd/ is not what it should be',
      conflicts: 'dry-run',
    },
    'dry-run': { type: 'boolean', describe: 'Write nothing; list what would change' },
  },
  async run({ project, check = false, dryRun = false }) {
    const startedAt = Date.now();
    const changes = changesAhead(project);
    const found = changes();
    if (found !== 'other') {
      const { whole } = readKept(project, new Set()).project;
      if (found.length === 0 && whole !== undefined) {
        tellUnchanged(whole, check, dryRun);
        return 0;
      }
      // It takes longer to load than to see that nothing has changed.
      const { synthChanged } = await import('../synth-changed.js');
      const code = found.length === 0 ? undefined : await synthChanged(project, found, { check, dryRun, startedAt });
      if (code !== undefined) return code;
    }
    const { synthProject } = await import('../synth-project.js');
    return synthProject({ project, check, dryRun, startedAt, kept: readKept(project) });
  },
};

function tellUnchanged({ problems, counts }: Whole, check: boolean, dryRun: boolean): void {
  for (const line of problemLines(problems, process.stderr)) note(line);
  if (check) for (const [folder, files] of Object.entries(counts)) tellFresh(folder, files);
  else {
    const unchanged = Object.values(counts).reduce((sum, files) => sum + files, 0);
    tellWritten({ written: 0, removed: 0, unchanged }, problems, dryRun);
  }
}
