import { join } from 'node:path';
import { planOutput, writeOutput } from '../../project/output-folder';
import { projectOption, type Command, type ExitCode, type ProjectOptions } from '../command';
import { synthesize } from '../synthesize';
import { OUTPUT_FOLDER } from './synth';

/** The cdk8s app that `cdk8s synth` runs: it empties the output folder, names it in CDK8S_OUTDIR, and shows what is there afterwards. */
export function synthesizeApp(project: string, folder: string): ExitCode {
  const { files } = synthesize(project);
  if (files === undefined) return 1;
  writeOutput(folder, planOutput(folder, files));
  return 0;
}

export const app: Command<ProjectOptions> = {
  command: 'app',
  describe: 'The cdk8s app: what `cdk8s synth` runs by the app line of cdk8s.yaml',
  builder: projectOption,
  run({ project }) {
    const { CDK8S_OUTDIR: folder = '' } = process.env;
    return synthesizeApp(project, folder === '' ? join(project, OUTPUT_FOLDER) : folder);
  },
};
