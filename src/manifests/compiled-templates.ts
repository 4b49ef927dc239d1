import '../constructs/session/template-functions'; // those that compiled programs call
import type { ReleaseValues } from '../constructs/flux/session-release';
import { compiledTemplate } from '@dozlab/charts';
import type { ExternalSecretValues } from '../api/values/external-secret';
import type { SessionValues } from '../api/values/schema';
import { TEMPLATE_CHARTS, type SessionTemplates } from './session-templates';

/** What prints the files of sessions, without the constructs that it was made of; undefined where nothing was compiled. */
export function compiledTemplates(): SessionTemplates | undefined {
  const session = compiledTemplate<SessionValues>(TEMPLATE_CHARTS.session, true);
  const release = compiledTemplate<ReleaseValues>(TEMPLATE_CHARTS.release, true);
  const externalSecret = compiledTemplate<ExternalSecretValues>(TEMPLATE_CHARTS.externalSecret, true);
  if (session === undefined || release === undefined || externalSecret === undefined) return undefined;
  return { session, release, externalSecret };
}
