import { type ReleaseValues, releaseSchema, SessionRelease } from '../constructs/flux/session-release';
import { type CompiledTemplate, defineChart } from '@dozlab/charts';
import type { SessionValues } from '../api/values/schema';
import { COMPILED_CHARTS } from './compiled-charts';
import {
  EXTERNAL_SECRET_CHART,
  externalSecretSchema,
  SessionExternalSecret,
} from '../constructs/session/external-secret';

export interface SessionTemplates {
  readonly session: CompiledTemplate<SessionValues>;
  readonly release: CompiledTemplate<ReleaseValues>;
  readonly secret: (chart: string) => CompiledTemplate<never>;
}

const RELEASE_CHART = 'session-release';

export const releaseChart = defineChart({
  name: RELEASE_CHART,
  compiled: COMPILED_CHARTS[RELEASE_CHART],
  schema: releaseSchema,
  varying: ['session'],
  constructs: (scope, view) => {
    new SessionRelease(scope, 'release', view);
  },
});

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
