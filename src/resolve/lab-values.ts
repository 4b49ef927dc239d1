import { mergeTrees } from '@dozlab/charts/schema';
import { imageReference } from '../api/values/names';
import { checkValues } from '../api/values/check';
import { CONTAINERS, containerOf, type ContainerPath } from '../api/rules/container-path';
import { valuesSchema, type SessionValues } from '../api/values/schema';
import type { LabContent } from '../api/lab';
import type { ProjectContent } from '../api/project';
import { type Layer, layer, mergedValues, STAND_IN } from './value-layers';
import type { Document, CohortDocument, Documents } from '../source/document';

/** Stands for a session. */
const SESSION = { session: { id: 'session', userId: 'user' } };

/** What values came to, by the file of the project, of which all of them are made: most cohorts and labs say the same. */
const known = new WeakMap<object, Map<string, SessionValues | undefined>>();

function checked(project: Document<ProjectContent>, layers: readonly Layer[]): SessionValues | undefined {
  const merged = mergedValues([layer(project), ...layers]);
  const of = known.get(project) ?? new Map<string, SessionValues | undefined>();
  known.set(project, of);
  const key = JSON.stringify(merged);
  if (!of.has(key)) of.set(key, checkValues(mergeTrees(merged, SESSION)).values);
  return of.get(key);
}

/** The values that a session of a lab has in a cohort when it sets none; undefined when they are not right. */
export const labValues = (
  { project }: Documents,
  cohort: CohortDocument,
  lab: Document<LabContent>,
): SessionValues | undefined => checked(project, [layer(lab), layer(cohort)]);

/** The values of a lab's sessions wherever no cohort says otherwise. */
export const projectLabValues = ({ project }: Documents, lab: Document<LabContent>): SessionValues | undefined =>
  checked(project, [layer(lab)]);

/** The values that project and cohort give to sessions of any lab; the defaults when they are not right. */
export const cohortValues = ({ project }: Documents, cohort: CohortDocument): SessionValues =>
  checked(project, [{ source: cohort, values: STAND_IN }, layer(cohort)]) ??
  valuesSchema.parse({ ...STAND_IN, ...SESSION });

/** The images of a session's containers, and where they are set. */
export const imagesOf = (values: SessionValues): { readonly path: ContainerPath; readonly image: string }[] =>
  CONTAINERS.map((path) => {
    const { image, tag, digest } = containerOf(values, path);
    return { path, image: imageReference(image, tag, digest) };
  });
