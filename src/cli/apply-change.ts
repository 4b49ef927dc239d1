import { isError, type Problem } from '../core/diagnostics';
import { pathExists } from '../core/safe-path';
import { newProblems, type EditPlan } from '../edit/edit-plan';
import { writeChanges } from '../edit/write-changes';
import { isSubmitted, type SubmitResult } from '../git/submit-change';
import { editEffect, editEffectText, NO_EFFECT, type EditEffect } from '../report/edit-effect';
import { changesOf, type FileChange } from '../source/changes';
import { projectState } from '../capacity/project-state';
import { agreesToLoss } from './agree-to-loss';
import type { ChangeOptions } from './change-options';
import type { ExitCode } from './command';
import { CommittedChange, type ChangedFile } from './committed-change';
import { plural } from '../core/text';
import { print, printNote, printProblems, problemCounts } from './output';

/**
 * Writes nothing in a dry run, if the change adds an error to the project, if git cannot commit it, or if work is lost
 * and nobody agrees.
 */
export async function applyChange(
  plan: EditPlan,
  options: ChangeOptions,
  lines?: readonly string[],
): Promise<ExitCode> {
  const { project, dryRun = false } = options;
  const { place = (problem: Problem): Problem => problem } = plan;
  if (plan.files.length === 0) {
    printChange({ plan, options, files: [], lines, effect: NO_EFFECT });
    return 0;
  }
  printWork(plan.files);
  const existing = new Map(plan.files.map(({ path }) => [path, pathExists(project, path)]));
  const [before, after] = [projectState(project), projectState(project, changesOf(plan.files))];
  const problems = newProblems(before.resolved, after.resolved).map(place);
  printProblems(problems);
  if (problems.some(isError)) return refused(problems);
  const effect = editEffect(before, after);
  const files = plan.files.map((file) => ({ path: file.path, change: kindOf(file, existing.get(file.path) === true) }));
  const printed = { plan, options, files, lines, effect };
  if (!isSubmitted(options)) {
    if (!dryRun) {
      if (!(await agreesToLoss(effect, options))) return declined();
      writeChanges(project, plan.files);
    }
    printChange(printed);
    if (!dryRun) printNote('next: dozlab synth');
    return 0;
  }
  const change = await CommittedChange.prepare(project, { ...plan, details: editEffectText(effect) }, options);
  if (!(change instanceof CommittedChange)) {
    printProblems(change.map(place));
    if (change.some(({ code, file }) => code === 'missing-secret' && existing.has(file))) printNote(WITHOUT_PASSWORD);
    return refused(change);
  }
  if (!dryRun && !(await agreesToLoss(effect, options))) return declined();
  return await commit(printed, change);
}

/** `secret set` encrypts a password into its own file, after the file of the session. */
const WITHOUT_PASSWORD =
  'a new session has no password yet. Fix: run this without --commit, then dozlab secret set and dozlab synth, and commit all';

interface Printed {
  readonly plan: EditPlan;
  readonly options: ChangeOptions;
  readonly files: readonly ChangedFile[];
  readonly lines: readonly string[] | undefined;
  readonly effect: EditEffect;
}

async function commit(printed: Printed, change: CommittedChange): Promise<ExitCode> {
  const { submission, output, isWithOutput } = change;
  const all = { ...printed, files: [...printed.files, ...output] };
  if (printed.options.dryRun === true) {
    printChange(all, { branch: submission.branch, pushed: false });
    for (const line of submission.plan()) printNote(line);
    return 0;
  }
  const id = change.write();
  const { pushed, url, lines, failure }: SubmitResult = await submission.publish();
  printChange(all, { branch: submission.branch, commit: id, pushed, ...(url === undefined ? {} : { url }) });
  printNote(`committed ${id.slice(0, SHORT)} to ${submission.branch}`);
  for (const line of lines) printNote(line);
  if (!isWithOutput) printNote('Git ignores the output of synth; next: dozlab synth');
  if (failure === undefined) return 0;
  printNote(`dozlab: ${failure}`);
  return 1;
}

const SHORT = 10;

function refused(problems: readonly Problem[]): ExitCode {
  printNote(`${problemCounts(problems)}: nothing was written`);
  return 1;
}

function declined(): ExitCode {
  printNote('nothing was written');
  return 1;
}

function printChange({ plan, options, files, lines, effect }: Printed, facts: object = {}): void {
  const { dryRun = false, output = 'text' } = options;
  if (output === 'json')
    print(JSON.stringify({ summary: plan.summary, dryRun, ...plan.facts, effect, files, ...facts }, undefined, 2));
  else for (const line of lines ?? files.map(({ path, change }) => `${change.padEnd(8)} ${path}`)) print(line);
  if (files.length === 0) printNote(`${plan.summary}: nothing to do`);
  else printNote(`${dryRun ? 'would change' : 'changed'} ${plural(files.length, 'file')}: ${plan.summary}`);
  if (files.length > 0) printNote(editEffectText(effect));
  for (const line of plan.notes) printNote(line);
}

const MANY = 500;

export function printWork(files: readonly unknown[]): void {
  if (process.stderr.isTTY && files.length >= MANY) printNote(`checking and writing ${plural(files.length, 'file')} …`);
}

const kindOf = ({ content }: FileChange, existed: boolean): ChangedFile['change'] =>
  content === undefined ? 'removed' : existed ? 'changed' : 'new';
