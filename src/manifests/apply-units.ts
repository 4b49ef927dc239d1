import type { ApplyUnit, Cohort } from '../model/cohort';
import { passwordKinds, providerOf, PROVIDERS } from '../secrets/providers';

/** An object whose kind is missing, or a Secret that no key opens, stops its whole Kustomization. */

/** Gateway API. */
const ROUTES = ['HTTPRoute'];

/** Of Kubernetes, and of Flux for the delivery helm. */
const OTHERS = [
  ...['Deployment', 'Ingress', 'NetworkPolicy', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service'],
  ...['GitRepository', 'HelmChart', 'HelmRelease', 'OCIRepository'],
];

const ALL: readonly string[] = Array.from(new Set([...OTHERS, ...ROUTES, ...PROVIDERS.flatMap(passwordKinds)]));

export const kindsOfUnit = (unit: ApplyUnit, { secrets }: Pick<Cohort, 'secrets'>): readonly string[] =>
  unit === 'routes' ? ROUTES : passwordKinds(providerOf(secrets.provider));

export const kindsOfOtherUnits = (unit: ApplyUnit, cohort: Pick<Cohort, 'secrets'>): readonly string[] => {
  const own = kindsOfUnit(unit, cohort);
  return ALL.filter((kind) => !own.includes(kind));
};
