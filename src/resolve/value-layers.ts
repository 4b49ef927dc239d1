import { at, type Mapping, mergeTreesKeepingNulls, type Path } from '@dozlab/charts/schema';
import { identityPath } from '../api/session-identity';
import { withoutNulls } from '../api/values/nulls';
import type { ValueProblem } from '../core/value-problem';
import type { Document, CohortDocument } from '../source/document';
import { type Problem, problemAt } from '../core/diagnostics';
import type { Session } from '../model/session';

/** A file that sets values, and where in it they are. */
export interface Layer {
  readonly source: Document<unknown>;
  readonly values: Mapping;
}

/** A session with the files that its values come from, the innermost last. */
export interface Placed {
  readonly resolved: Session;
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

/** A problem of values, not told yet in which file. */
export type PlacelessProblem = Omit<ValueProblem, 'code'> & Pick<Problem, 'code'>;

/** A problem of a session's values at the place in the file that sets the value. */
export function placed(
  { severity, code, path, message, key }: PlacelessProblem,
  layers: readonly Layer[],
  session: Document<unknown>,
): Problem {
  const identity = identityPath(path);
  if (identity !== undefined)
    return problemAt(severity, code, session.path, located(session, identity), identity, message);
  const owner = layers.findLast(({ values }) => at(values, path) !== undefined);
  // What no file sets is the business of the session if it must be mended, otherwise of the whole project.
  const source = owner?.source ?? (severity === 'error' ? session : (layers[0]?.source ?? session));
  const full = [...VALUES, ...path];
  return problemAt(
    severity,
    code,
    source.path,
    source.file?.locate(full, key) ?? { line: 1, column: 1 },
    full,
    message,
  );
}

/** Where a field is in a file. */
export const located = ({ file }: Document<unknown>, path: Path) => file?.locate(path) ?? { line: 1, column: 1 };
