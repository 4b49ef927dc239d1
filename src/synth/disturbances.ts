import type { Problem } from '../core/diagnostics';
import { outerRules, type OuterRule } from './outer-files';
import type { OutputPlan } from './plan';
import { controlFiles, type Stray, strayProblem, straysOf } from './strays';

export interface PlannedFolder {
  readonly folder: string;
  readonly plan: Pick<OutputPlan, 'files' | 'unknown'>;
}

/** `spec.flux`. */
interface OwnFiles {
  readonly ownFiles: readonly string[];
}

/** Without the output, for `validate`. */
export const controlProblems = (project: string, { ownFiles }: OwnFiles): Problem[] =>
  straysOf(controlFiles(project), ownFiles)
    .filter(({ isRefused }) => isRefused)
    .map((stray) => strayProblem(stray));

/** Files that Dozlab did not generate and that programs read with its output. */
export interface Disturbances {
  /** `synth --check` and `publish` refuse them. */
  readonly problems: readonly Problem[];
  /** Also own files in fluxcd/. */
  readonly strays: readonly Stray[];
  /** Of files above the generated folders. */
  readonly outer: readonly OuterRule[];
  /** They stay without harm: no program reads them. */
  readonly unread: readonly Stray[];
}

export function disturbances(project: string, folders: readonly PlannedFolder[], { ownFiles }: OwnFiles): Disturbances {
  const strays = straysOf(
    folders.map(({ folder, plan }) => ({ folder, unknown: plan.unknown })),
    ownFiles,
  );
  const refused = strays.filter(({ isRefused }) => isRefused);
  const paths = folders.flatMap(({ folder, plan }) => plan.files.map(({ path }) => `${folder}/${path}`));
  const outer = outerRules(project, paths);
  return {
    problems: [...refused.map((stray) => strayProblem(stray)), ...outer.map(({ problem }) => problem)],
    outer,
    strays: strays.filter(({ isRead }) => isRead),
    unread: strays.filter(({ isRefused, isRead }) => !isRefused && !isRead),
  };
}
