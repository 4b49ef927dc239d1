import type { ValueProblem } from './problem';
import { contractIsKept, imagesAreFixed, tcpProbesHaveNoPath } from './rules/containers';
import { annotationsFit, namesAreFree, secretHasOneSource } from './rules/metadata';
import { addressesAreNeighbours, portsDiffer } from './rules/network';
import { devicesDiffer, requestsFitLimits, resourcesAreKnown, vmFitsItsLimits } from './rules/resources';
import { httpRouteIsWhole, ingressIsWhole } from './rules/routes';
import type { Rule } from './rules/rule';
import { claimsAreWhole, diskFitsItsVolume, sizesAreWhole } from './rules/volumes';
import type { SessionValues } from './schema';

/** All rules. Each goes by the values alone. */
export const RULES: readonly Rule[] = [
  vmFitsItsLimits,
  requestsFitLimits,
  resourcesAreKnown,
  devicesDiffer,
  contractIsKept,
  imagesAreFixed,
  tcpProbesHaveNoPath,
  diskFitsItsVolume,
  sizesAreWhole,
  claimsAreWhole,
  addressesAreNeighbours,
  portsDiffer,
  namesAreFree,
  annotationsFit,
  secretHasOneSource,
  ingressIsWhole,
  httpRouteIsWhole,
];

/** Everything that the rules have to say of complete values. */
export const ruleProblems = (values: SessionValues): ValueProblem[] => RULES.flatMap((rule) => rule(values));
