import { mergeTrees } from '@dozlab/charts/schema';
import { imageReference } from '../api/values/names';
import { checkValues } from '../api/values/check';
import { CONTAINERS, containerOf, type ContainerPath } from '../api/rules/container-path';
import { valuesSchema, type SessionValues } from '../api/values/schema';
import type { LabContent } from '../api/lab';
import type { ProjectContent } from '../api/project';
import { type Layer, layer, mergedValues, STAND_IN } from './value-layers';
import type { Document, CohortDocument, Documents } from '../source/document';

/** The identity of no session, so that values can be checked without one. */
const SESSION = { session: { id: 'session', userId: 'user' } };

/** Checked values by project and merged values: most cohorts and labs have the same. */
const checked = new WeakMap<object, Map<string, SessionValues | undefined>>();

/** Undefined when the values are not valid. */
function checkedValues(project: Document<ProjectContent>, layers: readonly Layer[]): SessionValues | undefined {
  const merged = mergedValues([layer(project), ...layers]);
  const ofProject = checked.get(project) ?? new Map<string, SessionValues | undefined>();
  checked.set(project, ofProject);
  const key = JSON.stringify(merged);
  if (!ofProject.has(key)) ofProject.set(key, checkValues(mergeTrees(merged, SESSION)).values);
  return ofProject.get(key);
}

/** The values of a lab's sessions in a cohort, without those of a session. */
export const labValues = (
  { project }: Documents,
  cohort: CohortDocument,
  lab: Document<LabContent>,
): SessionValues | undefined => checkedValues(project, [layer(lab), layer(cohort)]);

/** The values of a lab's sessions, without those of a cohort. */
export const projectLabValues = ({ project }: Documents, lab: Document<LabContent>): SessionValues | undefined =>
  checkedValues(project, [layer(lab)]);

/** The values of project and cohort for sessions of any lab; the defaults when they are not valid. */
export const cohortValues = ({ project }: Documents, cohort: CohortDocument): SessionValues =>
  checkedValues(project, [{ source: cohort, values: STAND_IN }, layer(cohort)]) ??
  valuesSchema.parse({ ...STAND_IN, ...SESSION });

/** The images of a session's containers, with the paths of the containers. */
export const imagesOf = (values: SessionValues): { readonly path: ContainerPath; readonly image: string }[] =>
  CONTAINERS.map((path) => {
    const { image, tag, digest } = containerOf(values, path);
    return { path, image: imageReference(image, tag, digest) };
  });
