import { isHidden } from '../core/redact';
import { leaves, type Mapping, pathText, type Tree } from '@dozlab/charts/schema';
import { namespaceOf } from '../resolve/value-layers';
import { sessionFiles, type SessionFile } from './session-file';
import type { LoadedProject } from '../source/load-project';

/** What a session's file says, for people and programs. */
export interface SessionSummary {
  readonly cohort: string;
  readonly id: string;
  readonly namespace: string;
  readonly path: string;
  /** What is absent is not said, or cannot be read. */
  readonly user?: string;
  readonly lab?: string;
  readonly expiresAt?: string;
  readonly suspended?: boolean;
  readonly state: 'active' | 'suspended' | 'expired' | 'not valid';
}

export function sessionSummary({ cohort, session }: SessionFile, now: Date): SessionSummary {
  const { userId, lab, expiresAt, suspended } = session.document?.spec ?? {};
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
      session.document === undefined || session.isFlawed === true
        ? 'not valid'
        : isExpired
          ? 'expired'
          : suspended === true
            ? 'suspended'
            : 'active',
  };
}

/** Summaries of all sessions, or of those of a cohort. */
export const sessionSummaries = (loaded: LoadedProject, now: Date, cohort?: string): SessionSummary[] =>
  sessionFiles(loaded)
    .filter((file) => cohort === undefined || file.cohort.name === cohort)
    .map((file) => sessionSummary(file, now));

/** The values that a file sets by their paths; of what may be secret only that it is set. */
export const shownValues = (values: Mapping | null | undefined): Record<string, Tree> =>
  Object.fromEntries(
    leaves(values ?? {}).map(([path, value]) => [pathText(path), isHidden(path, value) ? '(not shown)' : value]),
  );
