import type { ReleaseValues } from '../constructs/flux/session-release';
import type { Template } from '@dozlab/charts';
import type { ExternalSecretValues } from '../api/values/external-secret';
import type { SessionValues } from '../api/values/schema';

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
