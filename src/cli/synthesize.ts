import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import { synthesizeProject, type Synthesis, type SynthesizedProject } from '../synth/synthesize';
import type { Problem } from '../core/diagnostics';
import type { OutputFile } from '@dozlab/charts';
import { printNote, printProblems, problemCounts } from './output';

export interface Output {
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
  const toTell = problems.filter(({ severity }) => severity !== 'info');
  printProblems(toTell);
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
