import { releaseSchema, SessionRelease } from '../constructs/flux/session-release';
import { defineChart } from '@dozlab/charts';
import { COMPILED_CHARTS } from './compiled-charts';
import { TEMPLATE_CHARTS } from './session-templates';

export const releaseChart = defineChart({
  name: TEMPLATE_CHARTS.release,
  compiled: COMPILED_CHARTS[TEMPLATE_CHARTS.release],
  schema: releaseSchema,
  varying: ['session'],
  constructs: (scope, view) => {
    new SessionRelease(scope, 'release', view);
  },
});
