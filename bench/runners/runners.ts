import type { WayName } from '../way';
import { appEach, oneApp } from './cdk8s';
import { changed, plain, report, synth, unchanged, validate } from './dozlab';
import { helm } from './helm';
import { kustomize } from './kustomize';
import { limit } from './limit';
import type { Runner, Site } from './runner';

export const RUNNERS: Readonly<Record<WayName, (site: Site) => Runner | Promise<Runner>>> = {
  synth,
  unchanged,
  changed,
  validate,
  report,
  plain,
  limit,
  oneApp,
  appEach,
  helm,
  kustomize,
};
