import type { ValueProblem } from '../../core/diagnostics';
import { contractIsKept, imagesAreFixed, tcpProbesHaveNoPath } from './containers';
import { annotationsFit, namesAreFree, secretHasOneSource } from './metadata';
import { addressesAreNeighbours, portsDiffer } from './network';
import { devicesDiffer, requestsFitLimits, resourcesAreKnown, vmFitsItsLimits } from './resources';
import { httpRouteIsWhole, ingressIsWhole } from './routes';
import type { Rule } from './rule';
import { claimsAreWhole, diskFitsItsVolume, sizesAreWhole } from './volumes';
import type { SessionValues } from '../values/schema';

/** All rules. A rule reads values only. */
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

/** The rules that read the identity of a session: of sessions of a class the others find the same. */
export const IDENTITY_RULES: readonly Rule[] = [namesAreFree, ingressIsWhole, httpRouteIsWhole];

/** All problems that the rules find in complete values. */
export const ruleProblems = (values: SessionValues): ValueProblem[] => RULES.flatMap((rule) => rule(values));
