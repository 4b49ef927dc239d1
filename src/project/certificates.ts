import { DozlabError } from '../errors';
import { expiredText, isExpired, readCertificate } from '../secrets/certificate';
import { isAddress, textIn } from './certificate-source';
import type { LoadedProject } from './load';
import type { Problem } from './problem';
import { settingProblem } from './layered-settings';
import { cohortSettings } from './secrets';

/** What is wrong with the certificates that lie in the project: those behind a URL are looked at when they are used. */
export function certificateProblems(loaded: LoadedProject, project: string, now: Date): Problem[] {
  return loaded.cohorts.flatMap((cohort) => {
    const settings = cohortSettings(loaded, cohort, []);
    const source = settings?.sealedSecrets.certificate;
    if (settings?.provider !== 'sealed-secrets' || source === undefined || isAddress(source)) return [];
    const message = faultOf(source, project, now);
    if (message === undefined) return [];
    const path = ['spec', 'secrets', 'sealedSecrets', 'certificate'];
    return [settingProblem('error', 'wrong-value', path, message, cohort, loaded.project)];
  });
}

function faultOf(source: string, project: string, now: Date): string | undefined {
  try {
    const certificate = readCertificate(textIn(source, project), source);
    if (!isExpired(certificate, now)) return undefined;
    return `is ${source}, which ${expiredText(certificate)}`;
  } catch (error) {
    if (error instanceof DozlabError) return `names no certificate: ${error.message}`;
    throw error;
  }
}
