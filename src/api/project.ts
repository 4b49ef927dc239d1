import type { z } from 'zod';
import { chart, delivery, infra, maxSessions, secrets } from './cohort-settings';
import { document, values } from './document';
import { execBackendSettings } from './settings/exec-backend';
import { expirySettings } from './settings/expiry';
import { fluxSettings } from './settings/flux';
import { nodeSettings } from './settings/nodes';
import { prices } from './settings/prices';
import type { SecretsSettings } from './settings/secrets';
import { labelName, section } from './values/fields';

/**
 * `dozlab.yaml`: settings and values of all sessions.
 * @param secretsSchema schema of `spec.secrets`, made of the settings of all providers
 */
export const projectDocumentWith = (secretsSchema: z.ZodType<SecretsSettings>) =>
  document(
    'Project',
    labelName(),
    section({
      delivery: delivery().default('kustomize'),
      maxSessions: maxSessions(),
      secrets: secrets(secretsSchema),
      infra: infra(),
      chart: chart(),
      nodes: nodeSettings,
      flux: fluxSettings,
      expiry: expirySettings,
      prices: prices.optional(),
      execBackend: execBackendSettings.unwrap().optional().meta({
        description: 'The exec backend. An empty mapping uses all defaults. Without it, synth writes no exec backend.',
      }),
      values: values('Values of all sessions.'),
    }).meta({ description: 'Settings and values of all sessions.' }),
  );

export type ProjectDocument = z.output<ReturnType<typeof projectDocumentWith>>;
