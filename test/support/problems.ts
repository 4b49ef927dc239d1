import { loadProject } from '../../src/source/load-project';
import { isError, type Problem } from '../../src/core/diagnostics';
import { resolveProject } from '../../src/resolve/resolve';
import { synthesizeProject } from '../../src/synth/synthesize';
import { projectWith, smallProject, type Files } from './project';

export const problemsIn = (folder: string): readonly Problem[] => resolveProject(loadProject(folder)).problems;

export const errorsIn = (folder: string): Problem[] => problemsIn(folder).filter(isError);

/** `file:line:column path [code]`. */
export const placeOf = ({ file, line, column, path, code }: Problem): string =>
  `${file}:${String(line)}:${String(column)} ${path === '' ? '' : `${path} `}[${code}]`;

export function errorsWith(files: Files): Problem[] {
  const folder = projectWith(smallProject(files));
  const { files: output, problems } = synthesizeProject(folder);
  const errors = problems.filter(isError);
  if (errors.length > 0 && output !== undefined) throw new Error('a project with errors gave output');
  return errors;
}

export const placesWith = (files: Files): string[] => errorsWith(files).map(placeOf);

/** @param more lines of its spec, from line 7 of the file */
export const sessionText = (more: string, name = 'alice'): string =>
  `apiVersion: dozlab.io/v1alpha1\nkind: LabSession\nmetadata: {name: ${name}}\nspec:\n  userId: alice\n  lab: vm\n${more}`;

export const placesOfSession = (more: string): string[] =>
  placesWith({ 'sessions/class/alice.yaml': sessionText(more) });

/** @returns the place of the mark » as `line:column` */
export function unmarked(text: string): { text: string; place: string } {
  const before = text.slice(0, text.indexOf('»')).split('\n');
  if (before.length === 1 && !text.includes('»')) throw new Error('the text has no mark');
  return { text: text.replace('»', ''), place: `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}` };
}

/** The problems of a small project to which files were added that have a code. */
export const problemsOfCode = (code: string, files: Files): Problem[] =>
  problemsIn(projectWith(smallProject(files))).filter((problem) => problem.code === code);
