import '../constructs/session/template-functions'; // those that compiled programs call
import type { ReleaseValues } from '../constructs/flux/session-release';
import { type CompiledTemplate, linkProgram } from '@dozlab/charts';
import type { SessionValues } from '../api/values/schema';
import { COMPILED_CHARTS } from './compiled-charts';
import { TEMPLATE_CHARTS, type SessionTemplates } from './session-templates';

/** Undefined if the build compiled nothing. */
export function compiledTemplates(): SessionTemplates | undefined {
  const session = compiledTemplate<SessionValues>(TEMPLATE_CHARTS.session);
  const release = compiledTemplate<ReleaseValues>(TEMPLATE_CHARTS.release);
  if (session === undefined || release === undefined) return undefined;
  const secret = (chart: string): CompiledTemplate<never> => {
    const template = compiledTemplate<never>(chart);
    if (template === undefined) throw new Error(`the chart ${chart} is not compiled`);
    return template;
  };
  return { session, release, secret };
}

function compiledTemplate<V>(name: string): CompiledTemplate<V> | undefined {
  const compiled = COMPILED_CHARTS[name];
  return compiled === undefined ? undefined : linkProgram<V>(compiled.namespaced);
}
