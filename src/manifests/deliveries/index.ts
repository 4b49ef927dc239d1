import type { OutputFile } from '@dozlab/charts';
import type { Cohort } from '../../model/cohort';
import type { Project } from '../../model/project';
import { argocd } from './argocd';
import type { DeliveredProject, Delivery } from './delivery';
import { helm } from './helm';
import { kustomize } from './kustomize';

export type { Delivery } from './delivery';

/** The first is the default. */
export const DELIVERIES: readonly [Delivery, ...Delivery[]] = [kustomize, helm, argocd];

export function deliveryOf({ delivery: name }: { readonly delivery: string }): Delivery {
  const found = DELIVERIES.find((delivery) => delivery.name === name);
  if (found === undefined) throw new Error(`there is no delivery ${name}`);
  return found;
}

/** `kustomize or helm`. */
export const deliveryNames = (condition: (delivery: Delivery) => boolean): string =>
  DELIVERIES.filter(condition)
    .map(({ name }) => name)
    .join(' or ');

export const cohortFolder = (cohort: Pick<Cohort, 'name' | 'delivery'>): string => deliveryOf(cohort).folder(cohort);

export type ProjectParts = Omit<Project, 'sessions' | 'namespaces'> &
  Pick<DeliveredProject<unknown>, 'inhabited' | 'hasMonitoring'>;

export const isApplied = (cohort: Cohort, project: ProjectParts): boolean => {
  const delivery = deliveryOf(cohort);
  return delivery.isApplied(cohort, deliveredProject(delivery, project));
};

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
