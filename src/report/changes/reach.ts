import type { Session } from '../../model/session';

/** What a risk reaches. */
export interface Reach {
  readonly sessions: number;
  readonly cohorts: readonly string[];
}

/** Counts each session once. */
export class Reached {
  private readonly sessions = new Set<string>();
  private readonly cohorts = new Set<string>();

  add({ cohort, id }: Pick<Session, 'cohort' | 'id'>): void {
    this.sessions.add(`${cohort}/${id}`);
    this.cohorts.add(cohort);
  }

  addCohort(cohort: string, sessions: readonly Pick<Session, 'id'>[] = []): void {
    this.cohorts.add(cohort);
    for (const { id } of sessions) this.sessions.add(`${cohort}/${id}`);
  }

  get reach(): Reach {
    return { sessions: this.sessions.size, cohorts: Array.from(this.cohorts).sort() };
  }
}

export function reachOf(sessions: Iterable<Pick<Session, 'cohort' | 'id'>>): Reach {
  const reached = new Reached();
  for (const session of sessions) reached.add(session);
  return reached.reach;
}
