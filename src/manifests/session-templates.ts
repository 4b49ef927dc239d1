import type { ReleaseValues } from '../constructs/flux/session-release';
import type { CompiledTemplate } from '@dozlab/charts';
import type { SessionValues } from '../api/values/schema';

export interface SessionTemplates {
  readonly session: CompiledTemplate<SessionValues>;
  readonly release: CompiledTemplate<ReleaseValues>;
  readonly secret: (chart: string) => CompiledTemplate<never>;
}

export const TEMPLATE_CHARTS = {
  session: 'lab-session',
  release: 'session-release',
} as const satisfies Record<Exclude<keyof SessionTemplates, 'secret'>, string>;
