import type { LoadedCohort, LoadedProject } from '../source/load-project';
import { cohortSettings } from '../resolve/secret';
import { providerOf } from '../secrets/providers';

/** What is to be done for the password of new sessions of a cohort, if anything is. */
export function lacksPassword(loaded: LoadedProject, cohort: LoadedCohort, session?: string): string[] {
  const provider = cohortSettings(loaded, cohort, [])?.provider;
  if (provider === undefined || !providerOf(provider).needsPassword) return [];
  return [`the password: dozlab secret set ${session ?? `--cohort ${cohort.name}`}`];
}
