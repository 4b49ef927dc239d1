import { SessionExternalSecret } from '../constructs/external-secret';
import { defineChart } from '../render/define-chart';
import { externalSecretSchema } from '../values/external-secret';
import { TEMPLATE_CHARTS } from './session-templates';

/** What the External Secrets Operator needs for a session's password. Rendered like sessions, but not part of their chart. */
export const externalSecretChart = defineChart({
  name: TEMPLATE_CHARTS.externalSecret,
  schema: externalSecretSchema,
  constructs: (scope, view) => {
    new SessionExternalSecret(scope, 'external-secret', view);
  },
});
