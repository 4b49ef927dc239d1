import { DELIVERIES, type Delivery, deliveryOf } from '../manifests/deliveries';
import type { CohortDocument, Documents } from '../source/document';
import { namespaceOf } from './value-layers';

/** The delivery of a cohort: its own, or else that of the project. */
export function cohortDelivery({ project }: Pick<Documents, 'project'>, { value }: CohortDocument): Delivery {
  const delivery = value?.spec.delivery ?? project.value?.spec.delivery;
  return delivery === undefined ? DELIVERIES[0] : deliveryOf({ delivery });
}

/** The deliveries of the cohorts in a namespace. */
export const deliveriesIn = (documents: Documents, namespace: string): Delivery[] =>
  documents.cohorts
    .filter((cohort) => namespaceOf(cohort) === namespace)
    .map((cohort) => cohortDelivery(documents, cohort));
