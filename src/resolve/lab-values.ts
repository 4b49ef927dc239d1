import { mergeTrees } from '@dozlab/charts/schema';
import { imageReference } from '../api/values/names';
import { checkValues } from '../api/values/check';
import { CONTAINERS, containerOf, type ContainerPath } from '../api/rules/containers';
import { valuesSchema, type SessionValues } from '../api/values/schema';
import type { LabContent } from '../api/lab';
import type { ProjectContent } from '../api/project';
import { type Layer, layer, mergedValues, STAND_IN } from './value-layers';
import type { Document, CohortDocument, Documents } from '../source/document';

const SESSION = { session: { id: 'session', userId: 'user' } };

/** Most cohorts and labs share merged values. */
const checked = new WeakMap<object, Map<string, SessionValues | undefined>>();

/** Undefined if invalid. */
function checkedValues(project: Document<ProjectContent>, layers: readonly Layer[]): SessionValues | undefined {
  const merged = mergedValues([layer(project), ...layers]);
  const ofProject = checked.get(project) ?? new Map<string, SessionValues | undefined>();
  checked.set(project, ofProject);
  const key = JSON.stringify(merged);
  if (!ofProject.has(key)) ofProject.set(key, checkValues(mergeTrees(merged, SESSION)).values);
  return ofProject.get(key);
}

export const labValues = (
  { project }: Documents,
  cohort: CohortDocument,
  lab: Document<LabContent>,
): SessionValues | undefined => checkedValues(project, [layer(lab), layer(cohort)]);

export const projectLabValues = ({ project }: Documents, lab: Document<LabContent>): SessionValues | undefined =>
  checkedValues(project, [layer(lab)]);

/** The defaults if invalid. */
export const cohortValues = ({ project }: Documents, cohort: CohortDocument): SessionValues =>
  checkedValues(project, [{ source: cohort, values: STAND_IN }, layer(cohort)]) ??
  valuesSchema.parse({ ...STAND_IN, ...SESSION });

export const imagesOf = (values: SessionValues): { readonly path: ContainerPath; readonly image: string }[] =>
  CONTAINERS.map((path) => {
    const { image, tag, digest } = containerOf(values, path);
    return { path, image: imageReference(image, tag, digest) };
  });
