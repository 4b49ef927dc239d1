import { mergeTrees } from '@dozlab/charts/schema';
import { imageReference } from '../api/values/names';
import { type ValuesModel, valuesModel } from '../api/values/incremental-check';
import { containerOf, type ContainerPath, CONTAINERS } from '../api/rules/container-path';
import { type SessionValues, valuesSchema } from '../api/values/schema';
import type { LabDocument } from '../api/lab';
import type { ProjectDocument } from '../api/project';
import { type Layer, layer, mergedValues, STAND_IN } from './value-layers';
import type { Loaded, LoadedCohort, LoadedProject } from '../source/load-project';

/** Stands for a session. */
export const SESSION = { session: { id: 'session', userId: 'user' } };

/** What values came to, by the file of the project, of which all of them are made: most cohorts and labs say the same. */
const known = new WeakMap<object, Map<string, ValuesModel | undefined>>();

function checked(project: Loaded<ProjectDocument>, layers: readonly Layer[]): ValuesModel | undefined {
  const merged = mergedValues([layer(project), ...layers]);
  const of = known.get(project) ?? new Map<string, ValuesModel | undefined>();
  known.set(project, of);
  const key = JSON.stringify(merged);
  if (!of.has(key)) of.set(key, valuesModel(mergeTrees(merged, SESSION)));
  return of.get(key);
}

/** The values that a session of a lab has in a cohort when it sets none; undefined when they are not right. */
export const labModel = (
  { project }: LoadedProject,
  cohort: LoadedCohort,
  lab: Loaded<LabDocument>,
): ValuesModel | undefined => checked(project, [layer(lab), layer(cohort)]);

export const labValues = (
  loaded: LoadedProject,
  cohort: LoadedCohort,
  lab: Loaded<LabDocument>,
): SessionValues | undefined => labModel(loaded, cohort, lab)?.values;

/** The values of a lab's sessions wherever no cohort says otherwise. */
export const projectLabValues = ({ project }: LoadedProject, lab: Loaded<LabDocument>): SessionValues | undefined =>
  checked(project, [layer(lab)])?.values;

/** The values that project and cohort give to sessions of any lab; the defaults when they are not right. */
export const cohortValues = ({ project }: LoadedProject, cohort: LoadedCohort): SessionValues =>
  checked(project, [{ source: cohort, values: STAND_IN }, layer(cohort)])?.values ??
  valuesSchema.parse({ ...STAND_IN, ...SESSION });

/** The images of a session's containers, and where they are set. */
export const imagesOf = (values: SessionValues): { readonly path: ContainerPath; readonly image: string }[] =>
  CONTAINERS.map((path) => {
    const { image, tag, digest } = containerOf(values, path);
    return { path, image: imageReference(image, tag, digest) };
  });
