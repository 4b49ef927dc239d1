import type { ValueProblem } from '../../core/diagnostics';
import { contractIsKept, imagesAreFixed, tcpProbesHaveNoPath, variablesHoldNoPasswords } from './containers';
import {
  annotationsFit,
  keysMeanNothing,
  namesAreFree,
  secretHasOneSource,
  textsMeanNothing,
  userMeansNothing,
} from './metadata';
import { addressesAreNeighbours, portsDiffer } from './network';
import { devicesDiffer, requestsFitLimits, resourcesAreKnown, vmFitsItsLimits, vmMemoryIsRequested } from './resources';
import { httpRouteIsWhole, ingressIsWhole } from './routes';
import type { Rule } from './rule';
import { claimsAreWhole, claimsHaveNames, diskFitsItsVolume, sizesAreWhole } from './volumes';
import type { SessionValues } from '../values/schema';

export const RULES: readonly Rule[] = [
  vmFitsItsLimits,
  vmMemoryIsRequested,
  requestsFitLimits,
  resourcesAreKnown,
  devicesDiffer,
  contractIsKept,
  variablesHoldNoPasswords,
  imagesAreFixed,
  tcpProbesHaveNoPath,
  diskFitsItsVolume,
  sizesAreWhole,
  claimsAreWhole,
  claimsHaveNames,
  addressesAreNeighbours,
  portsDiffer,
  namesAreFree,
  keysMeanNothing,
  textsMeanNothing,
  userMeansNothing,
  annotationsFit,
  secretHasOneSource,
  ingressIsWhole,
  httpRouteIsWhole,
];

/** The other rules give equal results for all sessions of a class. */
export const IDENTITY_RULES: readonly Rule[] = [
  claimsHaveNames,
  namesAreFree,
  userMeansNothing,
  ingressIsWhole,
  httpRouteIsWhole,
];

export const ruleProblems = (values: SessionValues): ValueProblem[] => RULES.flatMap((rule) => rule(values));
