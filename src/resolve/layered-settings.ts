import type { z } from 'zod';
import { at, type Mapping, mergeTrees, type Path } from '@dozlab/charts/schema';
import { checkSchema } from '../core/check-schema';
import type { Diagnostics } from '../core/diagnostics';
import type { CohortDocument, Document, Documents } from '../source/document';

/**
 * Settings that a cohort may override key by key: those of the cohort over those of the project. Undefined when they are not valid.
 * @param path of the settings in both files
 */
export function layeredSettings<S extends z.ZodType>(
  path: Path,
  schema: S,
  { project }: Pick<Documents, 'project'>,
  cohort: CohortDocument,
  diagnostics: Diagnostics,
): z.output<S> | undefined {
  const [base, over] = [project, cohort].map(({ value }) => (at(value, path) ?? {}) as Mapping);
  const { data, problems } = checkSchema(schema, mergeTrees(mergeTrees({}, base ?? {}), over ?? {}));
  for (const problem of problems) {
    const full = [...path, ...problem.path];
    diagnostics.report(ownerOf(full, cohort, project), { ...problem, path: full, key: false });
  }
  return data;
}

/** The first of the documents that has a setting, or else the first that has what is around it. */
export function ownerOf(
  path: Path,
  first: Document<unknown>,
  ...more: readonly Document<unknown>[]
): Document<unknown> {
  const all = [first, ...more];
  const isSetIn = (depth: number) => (document: Document<unknown>) =>
    at(document.file?.content, path.slice(0, depth)) !== undefined;
  return all.find(isSetIn(path.length)) ?? all.find(isSetIn(path.length - 1)) ?? more.at(-1) ?? first;
}
