import { join, resolve } from 'node:path';
import { applyPlans } from '../../synth/apply';
import { planOutput } from '../../synth/plan';
import { OUTPUT_FOLDER } from '../../model/project';
import { projectOption, type Command, type ExitCode, type ProjectOptions } from '../command';
import { synthesize } from '../synth-project';

/** For `cdk8s synth`, which empties the output folder. Writes `fluxcd/` only if the output folder is `dist/`. */
export function synthesizeApp(project: string, folder: string): ExitCode {
  const { outputs } = synthesize(project);
  if (outputs === undefined) return 1;
  const isUsual = resolve(folder) === resolve(project, OUTPUT_FOLDER);
  const plans = outputs
    .filter((output) => isUsual || output.folder === OUTPUT_FOLDER)
    .map(({ folder: name, files }) => planOutput(name === OUTPUT_FOLDER ? folder : join(project, name), files));
  applyPlans(plans);
  return 0;
}

export const app: Command<ProjectOptions> = {
  builder: projectOption,
  run({ project }) {
    const { CDK8S_OUTDIR: folder = '' } = process.env;
    return synthesizeApp(project, folder === '' ? join(project, OUTPUT_FOLDER) : folder);
  },
};
