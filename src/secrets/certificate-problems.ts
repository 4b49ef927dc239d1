import { DozlabError } from '../core/errors';
import { expiredText, isExpired, readCertificate } from './certificate';
import { isAddress, textIn } from './certificate-source';
import type { LoadedProject } from '../source/load-project';
import type { Problem } from '../core/diagnostics';
import { settingProblem } from '../resolve/layered-settings';
import { cohortSettings } from '../resolve/secret';

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
