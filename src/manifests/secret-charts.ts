import { type CompiledTemplate, defineChart } from '@dozlab/charts';
import { EXTERNAL_SECRET_CHART, externalSecretSchema } from '../api/values/external-secret';
import { SessionExternalSecret } from '../constructs/session/external-secret';
import { COMPILED_CHARTS } from './compiled-charts';

/** Not part of the chart of sessions. */

const externalSecretChart = defineChart({
  name: EXTERNAL_SECRET_CHART,
  compiled: COMPILED_CHARTS[EXTERNAL_SECRET_CHART],
  schema: externalSecretSchema,
  constructs: (scope, view) => {
    new SessionExternalSecret(scope, EXTERNAL_SECRET_CHART, view);
  },
});

export const SECRET_CHARTS = [externalSecretChart];

export function secretTemplate(name: string): CompiledTemplate<never> {
  const chart = SECRET_CHARTS.find((each) => each.name === name);
  if (chart === undefined) throw new Error(`there is no chart ${name}`);
  return chart.printer;
}
