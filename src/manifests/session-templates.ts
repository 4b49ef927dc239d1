import type { ReleaseValues } from '../constructs/flux/session-release';
import type { CompiledTemplate } from '@dozlab/charts';
import type { SessionValues } from '../api/values/schema';

/** What prints the files of sessions. */
export interface SessionTemplates {
  readonly session: CompiledTemplate<SessionValues>;
  readonly release: CompiledTemplate<ReleaseValues>;
  /** The template of objects of a provider of passwords, by the name of its chart. */
  readonly secret: (chart: string) => CompiledTemplate<never>;
}

/** The names of the charts that these are programs of. */
export const TEMPLATE_CHARTS = {
  session: 'lab-session',
  release: 'session-release',
} as const satisfies Record<Exclude<keyof SessionTemplates, 'secret'>, string>;
