import type { z } from 'zod';
import { at, type Mapping, mergeTrees, type Path } from '@dozlab/charts/schema';
import { checkSchema } from '../core/value-problem';
import type { Document, CohortDocument, Documents } from '../source/document';
import { type Problem, problemAt } from '../core/diagnostics';

/** Settings that dozlab.yaml has, and a cohort otherwise, key by key. */

/**
 * The settings of a cohort: its own over those of the project. Undefined when they are not right, which is told.
 * @param path where they are in both files
 */
export function layeredSettings<S extends z.ZodType>(
  path: Path,
  schema: S,
  { project }: Pick<Documents, 'project'>,
  cohort: CohortDocument,
  problems: Problem[],
): z.output<S> | undefined {
  const [base, over] = [project, cohort].map(({ value }) => (at(value, path) ?? {}) as Mapping);
  const { data, problems: found } = checkSchema(schema, mergeTrees(mergeTrees({}, base ?? {}), over ?? {}));
  for (const problem of found)
    problems.push(
      settingProblem(problem.severity, problem.code, [...path, ...problem.path], problem.message, cohort, project),
    );
  return data;
}

/** A problem of a setting where it is set: in the cohort, or else in the project. */
export function settingProblem(
  severity: Problem['severity'],
  code: Problem['code'],
  path: Path,
  message: string,
  ...sources: readonly Document<unknown>[]
): Problem {
  const isSetIn = (depth: number) => (source: Document<unknown>) =>
    at(source.file?.content, path.slice(0, depth)) !== undefined;
  const owner = sources.find(isSetIn(path.length)) ?? sources.find(isSetIn(path.length - 1)) ?? sources.at(-1);
  const position = owner?.file?.locate(path) ?? { line: 1, column: 1 };
  return problemAt(severity, code, owner?.path ?? '', position, path, message);
}
