import type { OutputFile } from '@dozlab/charts';
import type { Cohort } from '../../model/cohort';
import type { Project } from '../../model/project';
import type { DeliveredProject, Delivery } from './delivery';
import { helm } from './helm';
import { kustomize } from './kustomize';

export type { Delivery } from './delivery';

/** All deliveries, in the order of help texts. The first is the default. */
export const DELIVERIES: readonly [Delivery, ...Delivery[]] = [kustomize, helm];

/** @param name a name that the schema of `spec.delivery` accepted */
export function deliveryOf({ delivery: name }: { readonly delivery: string }): Delivery {
  const found = DELIVERIES.find((delivery) => delivery.name === name);
  if (found === undefined) throw new Error(`there is no delivery ${name}`);
  return found;
}

/** The names of the deliveries that a condition holds for, as a message has them: `helm or argocd`. */
export const deliveryNames = (condition: (delivery: Delivery) => boolean): string =>
  DELIVERIES.filter(condition)
    .map(({ name }) => name)
    .join(' or ');

/** The folder of the output that is applied for a cohort. */
export const cohortFolder = (cohort: Pick<Cohort, 'name' | 'delivery'>): string => deliveryOf(cohort).folder(cohort);

export type ProjectParts = Omit<Project, 'sessions' | 'namespaces'> & Pick<DeliveredProject<unknown>, 'inhabited'>;

/** Whether there is anything to apply for a cohort. */
export const isApplied = (cohort: Cohort, project: ProjectParts): boolean => {
  const delivery = deliveryOf(cohort);
  return delivery.isApplied(cohort, deliveredProject(delivery, project));
};

/** The files of all deliveries beside those of sessions. */
export const deliveryFiles = (project: ProjectParts): OutputFile[] =>
  DELIVERIES.flatMap((delivery) => {
    const delivered = deliveredProject(delivery, project);
    const cohorts = project.cohorts.filter((cohort) => cohort.delivery === delivery.name);
    return [
      ...(delivery.sharedFiles?.(delivered) ?? []),
      ...cohorts.flatMap((cohort) => delivery.cohortFiles(cohort, delivered)),
    ];
  });

const deliveredProject = ({ settings }: Delivery, project: ProjectParts): DeliveredProject<unknown> => ({
  ...project,
  settings: settings === undefined ? undefined : project.deliverySettings[settings.key],
});
