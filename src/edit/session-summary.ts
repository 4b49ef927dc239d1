import { isHidden } from '../core/redact';
import { NOT_SHOWN } from '../core/secret-forms';
import { leaves, type Mapping, pathText, type Tree } from '@dozlab/charts/schema';
import { cohortDelivery } from '../resolve/cohort';
import { namespaceOf } from '../resolve/cohort';
import { allSessionFiles, type SessionFile } from './session-file';
import type { Documents } from '../source/document';

export interface SessionSummary {
  readonly cohort: string;
  readonly id: string;
  readonly namespace: string;
  readonly path: string;
  readonly user?: string;
  readonly lab?: string;
  readonly expiresAt?: string;
  readonly suspended?: boolean;
  readonly state: 'active' | 'suspended' | 'expired' | 'not valid';
}

export function sessionSummary({ cohort, session }: SessionFile, now: Date): SessionSummary {
  const { userId, lab, expiresAt, suspended } = session.value?.spec ?? {};
  const isExpired = expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
  return {
    cohort: cohort.name,
    id: session.name,
    namespace: namespaceOf(cohort),
    path: session.path,
    ...(userId === undefined ? {} : { user: userId }),
    ...(lab === undefined ? {} : { lab }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(suspended === undefined ? {} : { suspended }),
    state:
      session.value === undefined || session.isFlawed === true
        ? 'not valid'
        : isExpired
          ? 'expired'
          : suspended === true
            ? 'suspended'
            : 'active',
  };
}

export const sessionSummaries = (loaded: Documents, now: Date, cohort?: string): SessionSummary[] =>
  allSessionFiles(loaded)
    .filter((file) => cohort === undefined || file.cohort.name === cohort)
    .map((file) => sessionSummary(file, now));

/** Hides possible secrets. */
export const shownValues = (values: Mapping | null | undefined): Record<string, Tree> =>
  Object.fromEntries(
    leaves(values ?? {}).map(([path, value]) => [pathText(path), isHidden(path, value) ? NOT_SHOWN : value]),
  );

export interface CohortSummary {
  readonly cohort: string;
  readonly namespace: string;
  readonly delivery: string;
  readonly sessions: number;
  readonly maxSessions?: number;
  readonly suspended: number;
  readonly expired: number;
}

export function cohortSummaries(loaded: Documents, now: Date): CohortSummary[] {
  const summaries = sessionSummaries(loaded, now);
  return loaded.cohorts.map((cohort) => {
    const sessions = summaries.filter((each) => each.cohort === cohort.name);
    const { maxSessions } = cohort.value?.spec ?? {};
    return {
      cohort: cohort.name,
      namespace: namespaceOf(cohort),
      delivery: cohortDelivery(loaded, cohort).name,
      sessions: sessions.length,
      ...(maxSessions === undefined ? {} : { maxSessions }),
      suspended: sessions.filter(({ state }) => state === 'suspended').length,
      expired: sessions.filter(({ state }) => state === 'expired').length,
    };
  });
}
