import { DELIVERIES, type Delivery, deliveryOf } from '../manifests/deliveries';
import type { LoadedCohort, LoadedProject } from '../source/load-project';
import { namespaceOf } from './value-layers';

/** The delivery of a cohort: its own, or else that of the project. */
export function cohortDelivery({ project }: Pick<LoadedProject, 'project'>, { document }: LoadedCohort): Delivery {
  const delivery = document?.spec.delivery ?? project.document?.spec.delivery;
  return delivery === undefined ? DELIVERIES[0] : deliveryOf({ delivery });
}

/** The deliveries of the cohorts in a namespace. */
export const deliveriesIn = (loaded: LoadedProject, namespace: string): Delivery[] =>
  loaded.cohorts.filter((cohort) => namespaceOf(cohort) === namespace).map((cohort) => cohortDelivery(loaded, cohort));
