import type { ValueProblem } from '../../core/diagnostics';
import {
  contractIsKept,
  imagesAreFixed,
  loginsAreSecret,
  tcpProbesHaveNoPath,
  variablesDiffer,
  variablesHoldNoPasswords,
} from './containers';
import {
  annotationsFit,
  keysMeanNothing,
  namesAreFree,
  secretHasOneSource,
  sessionEnds,
  textsMeanNothing,
  userMeansNothing,
} from './metadata';
import { addressesAreNeighbours, portsDiffer, rangesAreNetworks } from './network';
import {
  devicesDiffer,
  requestsFitLimits,
  resourcesAreAccepted,
  resourcesAreKnown,
  vmFitsItsLimits,
  vmLeavesRoom,
  vmMemoryIsRequested,
} from './resources';
import { httpRouteIsWhole, ingressIsWhole, routesAreMade } from './routes';
import { asRule, type ChartRule, type Rule } from './rule';
import { accessModesFit, claimsAreWhole, claimsHaveNames, diskFitsItsVolume, sizesAreWhole } from './volumes';
import type { SessionValues } from '../values/schema';

/** Errors that Helm reports, too. It prints their names. */
export const CHART_RULES = {
  'vm-fits-its-limits': vmFitsItsLimits,
  'requests-fit-limits': requestsFitLimits,
  'resources-are-known': resourcesAreKnown,
  'devices-differ': devicesDiffer,
  'contract-is-kept': contractIsKept,
  'variables-differ': variablesDiffer,
  'logins-are-secret': loginsAreSecret,
  'sizes-are-whole': sizesAreWhole,
  'access-modes-fit': accessModesFit,
  'claims-have-names': claimsHaveNames,
  'addresses-are-neighbours': addressesAreNeighbours,
  'ranges-are-networks': rangesAreNetworks,
  'ports-differ': portsDiffer,
  'keys-mean-nothing': keysMeanNothing,
  'ingress-is-whole': ingressIsWhole,
  'http-route-is-whole': httpRouteIsWhole,
} as const satisfies Readonly<Record<string, ChartRule>>;

const FROM_CHART = Object.fromEntries(
  Object.entries<ChartRule>(CHART_RULES).map(([name, checks]) => [name, asRule(name, checks)]),
) as Readonly<Record<keyof typeof CHART_RULES, Rule>>;

/** Warnings, and errors that Kubernetes reports itself. */
const OTHER_RULES: readonly Rule[] = [
  vmLeavesRoom,
  vmMemoryIsRequested,
  resourcesAreAccepted,
  variablesHoldNoPasswords,
  imagesAreFixed,
  tcpProbesHaveNoPath,
  diskFitsItsVolume,
  claimsAreWhole,
  namesAreFree,
  sessionEnds,
  textsMeanNothing,
  userMeansNothing,
  annotationsFit,
  secretHasOneSource,
  routesAreMade,
];

export const RULES: readonly Rule[] = [...Object.values(FROM_CHART), ...OTHER_RULES];

/** The other rules give equal results for all sessions of a class. */
export const IDENTITY_RULES: readonly Rule[] = [
  FROM_CHART['claims-have-names'],
  FROM_CHART['ingress-is-whole'],
  FROM_CHART['http-route-is-whole'],
  namesAreFree,
  userMeansNothing,
  routesAreMade,
];

export const ruleProblems = (values: SessionValues): ValueProblem[] => RULES.flatMap((rule) => rule(values));
