import { digestsAhead } from '../../cache/digests-ahead';
import { findChanges } from '../../cache/found-changes';
import { readWhole, type Whole } from '../../cache/store';
import { differingFolders, INPUTS, listNow, OUTPUT } from '../../cache/fingerprint';
import { likelyProject, projectOption, type Command, type ProjectOptions } from '../command';
import { note, problemLines } from '../output';
import { tellFresh, tellWritten } from '../synth-result';

interface SynthOptions extends ProjectOptions {
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

/** @param args of the command line, by which the output is looked at while they are parsed */
export function synth(args: readonly string[]): Command<SynthOptions> {
  const likely = args[0] === 'synth' ? likelyProject(args) : undefined;
  const ahead = likely === undefined ? undefined : digestsAhead(likely, OUTPUT);
  return {
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
      const whole = readWhole(project);
      if (whole !== undefined) {
        const output = project === likely && ahead !== undefined ? ahead : digestsAhead(project, OUTPUT);
        const found = findChanges(project, whole, listNow(project, INPUTS));
        // It takes longer to load than to see that nothing has changed, and the other thread is at work meanwhile.
        const changed =
          found === undefined || found.paths.length === 0 ? undefined : await import('../synth-changed.js');
        if (found !== undefined && differingFolders(whole.output, output()).length === 0) {
          if (changed === undefined) {
            tellUnchanged(whole, check, dryRun);
            return 0;
          }
          const code = changed.synthChanged(project, found, { check, dryRun, startedAt });
          if (code !== undefined) return code;
        }
      }
      const { synthProject } = await import('../synth-project.js');
      return synthProject({ project, check, dryRun, startedAt });
    },
  };
}

function tellUnchanged({ problems, counts }: Whole, check: boolean, dryRun: boolean): void {
  for (const line of problemLines(problems, process.stderr)) note(line);
  if (check) for (const [folder, files] of Object.entries(counts)) tellFresh(folder, files);
  else {
    const unchanged = Object.values(counts).reduce((sum, files) => sum + files, 0);
    tellWritten({ written: 0, removed: 0, unchanged }, problems, dryRun);
  }
}
