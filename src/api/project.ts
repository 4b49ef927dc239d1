import type { z } from 'zod';
import { chartLayer, type DocumentParts, infraLayer, maxSessions, secretsLayer, document, values } from './document';
import { deliverySchema, settingsByKey } from './settings/deliveries';
import { execBackendSettings } from './settings/exec-backend';
import { fluxSettings } from './settings/flux';
import { nodeSettings } from './settings/nodes';
import { prices } from './settings/prices';
import { labelName, section } from './values/fields';
import { timeSpan } from './duration';

const expirySettings = section({
  grace: timeSpan().default('0s').meta({
    description: 'How long a session remains after its expiresAt, before dozlab expire deletes its file, such as 30m.',
  }),
  warning: timeSpan().default('1h').meta({
    description: 'How long before its expiresAt dozlab expire lists a session, such as 1h or 2d.',
  }),
}).meta({ description: 'When dozlab expire lists sessions and deletes their files.' });

export type ExpirySettings = z.output<typeof expirySettings>;

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
