import { isSubmitted, type SubmitResult } from '../git/submit-change';
import type { Change, FileChange } from '../source/changes';
import { problemsOfChange } from '../edit/validate-change';
import { isError, type Problem } from '../core/diagnostics';
import { isThere } from '../core/safe-path';
import { writeChanges } from '../edit/write-changes';
import type { ExitCode } from './command';
import { CommittedChange, type ChangedFile } from './committed-change';
import { count, note, out, problemLines, summary } from './output';
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
 * done: nothing is written. Where it is to be committed, nothing is written either unless that can be done.
 */
export async function carryOut(plan: Plan, options: ChangeOptions): Promise<ExitCode> {
  const { project, dryRun = false } = options;
  const { place = (problem: Problem): Problem => problem } = plan;
  const known = new Map(plan.files.map(({ path }) => [path, isThere(project, path)]));
  const problems = problemsOfChange(project, plan.files).map(place);
  for (const line of problemLines(problems, process.stderr)) note(line);
  if (problems.some(isError)) return refused(problems);
  const files = plan.files.map((file) => ({ path: file.path, change: kindOf(file, known.get(file.path) === true) }));
  if (plan.files.length === 0 || !isSubmitted(options)) {
    if (!dryRun) writeChanges(project, plan.files);
    tell(plan, options, files);
    if (!dryRun && plan.files.length > 0) note('next: dozlab synth');
    return 0;
  }
  const change = await CommittedChange.prepare(project, plan, options);
  if (!(change instanceof CommittedChange)) {
    for (const line of problemLines(change.map(place), process.stderr)) note(line);
    if (change.some(({ code, file }) => code === 'missing-secret' && known.has(file))) note(WITHOUT_PASSWORD);
    return refused(change);
  }
  return await commit(plan, options, files, change);
}

/** A password is encrypted into a file of its own, which comes after that of the session. */
const WITHOUT_PASSWORD =
  'a new session has no password yet: do this without --commit, then dozlab secret set and synth, and commit all of it';

/** Commits a change, and tells what has become of it. */
async function commit(
  plan: Plan,
  options: ChangeOptions,
  files: readonly ChangedFile[],
  change: CommittedChange,
): Promise<ExitCode> {
  const { submission, output, isWithOutput } = change;
  const all = [...files, ...output];
  if (options.dryRun === true) {
    tell(plan, options, all, { branch: submission.branch, pushed: false });
    for (const line of submission.plan()) note(line);
    return 0;
  }
  const id = change.write();
  const { pushed, url, lines, failure }: SubmitResult = await submission.publish();
  tell(plan, options, all, { branch: submission.branch, commit: id, pushed, ...(url === undefined ? {} : { url }) });
  note(`committed ${id.slice(0, SHORT)} to ${submission.branch}`);
  for (const line of lines) note(line);
  if (!isWithOutput) note('git ignores what synth writes; next: dozlab synth');
  if (failure === undefined) return 0;
  note(`dozlab: ${failure}`);
  return 1;
}

/** Characters of a commit's id that people read. */
const SHORT = 10;

function refused(problems: readonly Problem[]): ExitCode {
  note(`${summary(problems)}: nothing was written`);
  return 1;
}

/** Prints what a command changes. */
function tell(
  { lines, notes = [], ...plan }: Plan,
  { dryRun = false, output = 'text' }: ChangeOptions,
  files: readonly ChangedFile[],
  facts: object = {},
): void {
  if (output === 'json')
    out(JSON.stringify({ summary: plan.summary, dryRun, ...plan.facts, files, ...facts }, undefined, 2));
  else for (const line of lines ?? files.map(({ path, change }) => `${change.padEnd(8)} ${path}`)) out(line);
  if (files.length === 0) note(`${plan.summary}: nothing to do`);
  else note(`${dryRun ? 'would change' : 'changed'} ${count(files.length, 'file')}: ${plan.summary}`);
  for (const line of notes) note(line);
}

const kindOf = ({ content }: FileChange, wasThere: boolean): ChangedFile['change'] =>
  content === undefined ? 'removed' : wasThere ? 'changed' : 'new';
