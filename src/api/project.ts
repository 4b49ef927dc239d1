import type { z } from 'zod';
import { chartLayer, type DocumentParts, infraLayer, maxSessions, secretsLayer } from './cohort-settings';
import { document, values } from './document';
import { deliverySchema, settingsByKey } from './settings/deliveries';
import { execBackendSettings } from './settings/exec-backend';
import { expirySettings } from './settings/expiry';
import { fluxSettings } from './settings/flux';
import { nodeSettings } from './settings/nodes';
import { prices } from './settings/prices';
import { labelName, section } from './values/fields';

export const projectDocumentWith = (parts: DocumentParts) =>
  document(
    'Project',
    labelName(),
    section({
      delivery: deliverySchema(parts.deliveries).default(parts.deliveries[0].name),
      maxSessions: maxSessions(),
      secrets: secretsLayer(parts.secrets),
      infra: infraLayer(),
      chart: chartLayer(),
      nodes: nodeSettings,
      flux: fluxSettings,
      expiry: expirySettings,
      prices: prices.optional(),
      execBackend: execBackendSettings.unwrap().optional().meta({
        description: 'The exec backend. An empty mapping uses all defaults. Without it, synth writes no exec backend.',
      }),
      // Their types would make all keys unknown.
      ...(settingsByKey(parts.deliveries) as object),
      values: values('Values of all sessions.'),
    }).meta({ description: 'Settings and values of all sessions.' }),
  );

export type ProjectContent = z.output<ReturnType<typeof projectDocumentWith>>;
