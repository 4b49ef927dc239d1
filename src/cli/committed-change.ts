import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { ignoredError, ignoredPaths, uncommittedError } from '../git/commit';
import { Submission, type SubmitOptions } from '../git/submit-change';
import { changesOf, type Change } from '../source/changes';
import { applyPlans } from '../synth/apply';
import { moveProblems } from '../synth/moves';
import { isStale, planOutput, type OutputPlan } from '../synth/plan';
import { isError, type Problem } from '../core/diagnostics';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import { synthesizeProject, type SynthesizedProject } from '../synth/synthesize';
import { backUp, writeChanges } from '../edit/write-changes';
import { deferSignals } from './defer-signals';

interface PlannedOutput {
  readonly folder: string;
  readonly plan: OutputPlan;
}

export interface ChangedFile {
  readonly path: string;
  readonly change: 'new' | 'changed' | 'removed';
}

export class CommittedChange {
  private constructor(
    readonly submission: Submission,
    private readonly project: string,
    private readonly change: Change,
    private readonly folders: readonly PlannedOutput[],
    readonly output: readonly ChangedFile[],
  ) {}

  /**
   * Runs all checks before anything is written.
   * @returns the change, or the errors that the project would have
   * @throws DozlabError with code `stale-output`, or with a code of git or the forge
   */
  static async prepare(
    project: string,
    change: Change,
    options: SubmitOptions,
  ): Promise<CommittedChange | readonly Problem[]> {
    const submission = Submission.prepare(project, change, options);
    const { repository } = submission;
    const after = synthesizeProject(project, { changes: changesOf(change.files) });
    const errors = after.problems.filter(isError);
    if (errors.length > 0) return errors;
    const toGit = (path: string): string => repository.prefix + path;
    const tracked = foldersOf(after).filter(({ folder, files }) => {
      const paths = files.map(({ path }) => toGit(`${folder}/${path}`));
      return paths.length === 0 || ignoredPaths(repository, paths).length < paths.length;
    });
    refuseStale(project, tracked);
    const folders = tracked.map(({ folder, files }) => ({
      folder,
      plan: planOutput(join(project, folder), files),
    }));
    const moves = folders.flatMap(({ folder, plan }) => (folder === OUTPUT_FOLDER ? moveProblems(plan) : []));
    if (moves.length > 0) return moves;
    const output = folders.flatMap(outputOf);
    const paths = [...change.files, ...output].map(({ path }) => path);
    const made = tracked.flatMap(({ folder, files }) => files.map(({ path }) => `${folder}/${path}`));
    // Synth also reads these files for all sessions, so the output depends on them.
    const shared = tracked.length === 0 ? [] : ['dozlab.yaml', 'labs', ...cohortFilesOf(after)];
    const needed = unique([...paths, ...made, ...shared]).map(toGit);
    const error = uncommittedError(repository, needed) ?? ignoredError(repository, paths.map(toGit));
    if (error !== undefined) throw error;
    await submission.checkRemote(process.env);
    return new CommittedChange(submission, project, change, folders, output);
  }

  /** False when git ignores the output folders. */
  get isWithOutput(): boolean {
    return this.folders.length > 0;
  }

  /**
   * Restores all files when it fails.
   * @throws DozlabError with the code of the failed step
   */
  write(): string {
    const { project, change, output, folders, submission } = this;
    const paths = [...change.files, ...output].map(({ path }) => path);
    const backup = backUp(project, paths);
    return deferSignals(() => {
      try {
        writeChanges(project, change.files);
        applyPlans(folders.map(({ plan }) => plan));
        return submission.commit(paths.map((path) => submission.repository.prefix + path));
      } catch (error) {
        backup.restore();
        if (!(error instanceof DozlabError)) throw error;
        throw new DozlabError(error.code, `${error.message}\nnothing is committed, and all files are as before`, {
          cause: error,
        });
      }
    });
  }
}

const foldersOf = ({ files = [], fluxFiles = [] }: SynthesizedProject) => [
  { folder: OUTPUT_FOLDER, files },
  { folder: FLUX_FOLDER, files: fluxFiles },
];

/** The unfinished work of others does not belong to this change. */
function refuseStale(project: string, tracked: readonly { readonly folder: string }[]): void {
  const before = synthesizeProject(project);
  if (before.problems.some(isError)) return;
  for (const { folder, files } of foldersOf(before))
    if (tracked.some((each) => each.folder === folder) && isStale(planOutput(join(project, folder), files)))
      throw new DozlabError(
        'stale-output',
        `${folder}/ is stale before the change: run dozlab synth and commit the result first`,
      );
}

const cohortFilesOf = ({ sessions }: SynthesizedProject): string[] =>
  unique(sessions.map(({ cohort }) => `sessions/${cohort}/cohort.yaml`));

const outputOf = ({ folder, plan: { created, changed, removed } }: PlannedOutput): ChangedFile[] => [
  ...created.map(({ path }) => ({ path: `${folder}/${path}`, change: 'new' as const })),
  ...changed.map(({ path }) => ({ path: `${folder}/${path}`, change: 'changed' as const })),
  ...removed.map((path) => ({ path: `${folder}/${path}`, change: 'removed' as const })),
];

const unique = (paths: readonly string[]): string[] => Array.from(new Set(paths));
