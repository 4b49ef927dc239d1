import type { ValueProblem } from './problem';
import { contractIsKept, imagesAreFixed, tcpProbesHaveNoPath } from './rules/containers';
import { annotationsFit, namesAreFree, secretHasOneSource } from './rules/metadata';
import { addressesAreNeighbours, portsDiffer } from './rules/network';
import { devicesDiffer, requestsFitLimits, resourcesAreKnown, vmFitsItsLimits } from './rules/resources';
import { httpRouteIsWhole, ingressIsWhole } from './rules/routes';
import type { Rule } from './rules/rule';
import { claimsAreWhole, diskFitsItsVolume, sizesAreWhole } from './rules/volumes';
import type { SessionValues } from './schema';

const RULES: readonly Rule[] = [
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

/** Rules that ask whom a session is for, or until when. */
const OF_IDENTITY: readonly Rule[] = [namesAreFree, ingressIsWhole, httpRouteIsWhole];
const OF_THE_REST = RULES.filter((rule) => !OF_IDENTITY.includes(rule));

/** What of that depends on `session`. */
export const identityProblems = (values: SessionValues): ValueProblem[] => OF_IDENTITY.flatMap((rule) => rule(values));

/** All the rest: the same for all sessions of which the values are the same but for `session` and `suspended`. */
export const problemsOfTheRest = (values: SessionValues): ValueProblem[] => OF_THE_REST.flatMap((rule) => rule(values));
