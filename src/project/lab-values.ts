import { merge } from '../schema/tree';
import { imageReference } from '../values/names';
import { checkValues } from '../values/parse';
import { CONTAINERS, containerOf, type ContainerPath } from '../values/rules/container-path';
import { valuesSchema, type SessionValues } from '../values/schema';
import type { LabDocument } from './documents';
import { layer, mergedValues, STAND_IN, type Layer } from './layers';
import type { Loaded, LoadedCohort, LoadedProject } from './load';

/** Stands for a session. */
const SESSION = { session: { id: 'session', userId: 'user' } };

const checked = (layers: readonly Layer[]): SessionValues | undefined =>
  checkValues(merge(mergedValues(layers), SESSION)).values;

/** The values that a session of a lab has in a cohort when it sets none; undefined when they are not right. */
export const labValues = (
  { project }: LoadedProject,
  cohort: LoadedCohort,
  lab: Loaded<LabDocument>,
): SessionValues | undefined => checked([layer(project), layer(lab), layer(cohort)]);

/** The values of a lab's sessions wherever no cohort says otherwise. */
export const projectLabValues = ({ project }: LoadedProject, lab: Loaded<LabDocument>): SessionValues | undefined =>
  checked([layer(project), layer(lab)]);

/** The values that project and cohort give to sessions of any lab; the defaults when they are not right. */
export const cohortValues = ({ project }: LoadedProject, cohort: LoadedCohort): SessionValues =>
  checked([layer(project), { source: cohort, values: STAND_IN }, layer(cohort)]) ??
  valuesSchema.parse({ ...STAND_IN, ...SESSION });

/** The images of a session's containers, and where they are set. */
export const imagesOf = (values: SessionValues): { readonly path: ContainerPath; readonly image: string }[] =>
  CONTAINERS.map((path) => {
    const { image, tag, digest } = containerOf(values, path);
    return { path, image: imageReference(image, tag, digest) };
  });
