import { SessionExternalSecret } from '../constructs/session/external-secret';
import { defineChart } from '@dozlab/charts';
import { externalSecretSchema } from '../api/values/external-secret';
import { TEMPLATE_CHARTS } from './session-templates';

/** What the External Secrets Operator needs for a session's password. Rendered like sessions, but not part of their chart. */
export const externalSecretChart = defineChart({
  name: TEMPLATE_CHARTS.externalSecret,
  schema: externalSecretSchema,
  constructs: (scope, view) => {
    new SessionExternalSecret(scope, 'external-secret', view);
  },
});
