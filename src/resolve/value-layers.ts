import { at, type Mapping, mergeTreesKeepingNulls, type Path } from '@dozlab/charts/schema';
import { identityPath } from '../api/session-identity';
import { withoutNulls } from '../api/values/nulls';
import type { CohortDocument, Document, SessionDocument } from '../source/document';
import type { Diagnostics, ValueProblem } from '../core/diagnostics';
import type { Session } from '../model/session';

/** A file that sets values, and where in it they are. */
export interface Layer {
  readonly source: Document<unknown>;
  readonly values: Mapping;
}

/** A session with the files that its values come from, the innermost last. */
export interface Placed {
  readonly resolved: Session;
  readonly session: SessionDocument;
  readonly layers: readonly Layer[];
}

const NOTHING: Mapping = {};

/** Where a file's values are in it. */
export const VALUES: Path = ['spec', 'values'];

/** The values of a file. */
export const layer = (source: Document<{ spec: { values?: Mapping | null } }>): Layer => ({
  source,
  values: source.value?.spec.values ?? NOTHING,
});

/** The values of several files, each over those before it. */
export const mergedValues = (layers: readonly Layer[]): Mapping =>
  withoutNulls(
    layers.map(({ values }) => values).reduce((below, over) => mergeTreesKeepingNulls(below, over), NOTHING),
  );

/** The namespace of a cohort's sessions. */
export const namespaceOf = (cohort: CohortDocument): string => cohort.value?.spec.namespace ?? `lab-${cohort.name}`;

/** Stands for a lab that is not there, so that the session can be looked at all the same. */
export const STAND_IN: Mapping = { rootfs: { imageUrl: 'https://example.com' } };

/** Reports a problem of a session's values where a file sets the value. */
export function reportValue(
  problem: ValueProblem,
  layers: readonly Layer[],
  session: Document<unknown>,
  diagnostics: Diagnostics,
): void {
  const identity = identityPath(problem.path);
  if (identity !== undefined) {
    diagnostics.report(session, { ...problem, path: identity, key: false });
    return;
  }
  const owner = layers.findLast(({ values }) => at(values, problem.path) !== undefined);
  // For a value that no file sets: errors are of the session, the rest of the whole project.
  const source = owner?.source ?? (problem.severity === 'error' ? session : (layers[0]?.source ?? session));
  diagnostics.report(source, { ...problem, path: [...VALUES, ...problem.path] });
}
