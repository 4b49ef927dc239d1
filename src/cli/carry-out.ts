import type { Change, FileChange } from '../project/change';
import { problemsOfChange } from '../project/check-change';
import { isError, type Problem } from '../project/problem';
import { isThere } from '../project/safe-path';
import { writeChanges } from '../project/write-changes';
import type { ExitCode } from './command';
import { count, note, out, problemLines, summary } from './print';
import type { ChangeOptions } from './change-options';

/** What a command is about to do to a project's files, and how it tells that. */
export interface Plan extends Change {
  /** Lines for people; the files by default. */
  readonly lines?: readonly string[];
  /** More for programs, beside what every command tells. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Where people are to mend a problem of a file that is made of something else. */
  readonly place?: (this: void, problem: Problem) => Problem;
  /** What else people should know once it is done. */
  readonly notes?: readonly string[];
}

/**
 * Checks a change, tells of it, and does it unless it is a dry run. A change after which something is wrong that is not wrong now is not
 * done: nothing is written.
 */
export function carryOut(plan: Plan, { project, dryRun = false, output = 'text' }: ChangeOptions): ExitCode {
  const known = new Map(plan.files.map(({ path }) => [path, isThere(project, path)]));
  const { place = (problem: Problem): Problem => problem } = plan;
  const problems = problemsOfChange(project, plan.files).map(place);
  for (const line of problemLines(problems, process.stderr)) note(line);
  if (problems.some(isError)) {
    note(`${summary(problems)}: nothing was written`);
    return 1;
  }
  if (!dryRun) writeChanges(project, plan.files);
  const files = plan.files.map((file) => ({ path: file.path, change: kindOf(file, known.get(file.path) === true) }));
  if (output === 'json') out(JSON.stringify({ summary: plan.summary, dryRun, ...plan.facts, files }, undefined, 2));
  else for (const line of plan.lines ?? files.map(({ path, change }) => `${change.padEnd(8)} ${path}`)) out(line);
  if (plan.files.length === 0) note(`${plan.summary}: nothing to do`);
  else note(`${dryRun ? 'would change' : 'changed'} ${count(files.length, 'file')}: ${plan.summary}`);
  for (const line of plan.notes ?? []) note(line);
  if (!dryRun && plan.files.length > 0) afterwards(plan);
  return 0;
}

/** What is to be done once the files are changed. */
function afterwards(_change: Change): void {
  note('next: dozlab synth');
}

const kindOf = ({ content }: FileChange, wasThere: boolean): 'new' | 'changed' | 'removed' =>
  content === undefined ? 'removed' : wasThere ? 'changed' : 'new';
