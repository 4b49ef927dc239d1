import { synthesizeProject } from '../project/synth';
import type { Problem } from '../project/problem';
import type { OutputFile } from '../render/output-file';
import { note, problemLines, summary } from './print';

/** What a project gives, after telling what is wrong with it; no files when something is. */
export function synthesize(project: string): { files?: readonly OutputFile[]; problems: readonly Problem[] } {
  const { files, problems } = synthesizeProject(project);
  const toTell = problems.filter(({ severity }) => severity !== 'info');
  for (const line of problemLines(toTell, process.stderr)) note(line);
  if (files === undefined) {
    note(`${summary(problems)}: nothing was written`);
    return { problems };
  }
  return { files, problems };
}
