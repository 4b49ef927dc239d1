import '../constructs/session/template-functions'; // those that compiled programs call
import type { ReleaseValues } from '../constructs/flux/session-release';
import { compiledTemplate, type Template } from '@dozlab/charts';
import type { SessionValues } from '../api/values/schema';
import { TEMPLATE_CHARTS, type SessionTemplates } from './session-templates';

/** What prints the files of sessions, without the constructs that it was made of; undefined where nothing was compiled. */
export function compiledTemplates(): SessionTemplates | undefined {
  const session = compiledTemplate<SessionValues>(TEMPLATE_CHARTS.session, true);
  const release = compiledTemplate<ReleaseValues>(TEMPLATE_CHARTS.release, true);
  if (session === undefined || release === undefined) return undefined;
  const secret = (chart: string): Template<never> => {
    const template = compiledTemplate<never>(chart, true);
    if (template === undefined) throw new Error(`the chart ${chart} is not compiled`);
    return template;
  };
  return { session, release, secret };
}
