import type { ReleaseValues } from '../constructs/session-release';
import type { Template } from '../render/javascript';
import type { ExternalSecretValues } from '../values/external-secret';
import type { SessionValues } from '../values/schema';

/** What prints the files of sessions. */
export interface SessionTemplates {
  readonly session: Template<SessionValues>;
  readonly release: Template<ReleaseValues>;
  readonly externalSecret: Template<ExternalSecretValues>;
}

/** The names of the charts that these are programs of. */
export const TEMPLATE_CHARTS = {
  session: 'lab-session',
  release: 'session-release',
  externalSecret: 'external-secret',
} as const satisfies Record<keyof SessionTemplates, string>;
