import { labValues } from '../resolve/lab-values';
import { namespaceOf } from '../resolve/cohort';
import type { SessionValues } from '../api/values/schema';
import type { ProjectState } from './project-state';

/** One more session of a lab in a cohort, whose own file sets no values. */
export interface RepresentativeSession {
  readonly cohort: string;
  readonly namespace: string;
  readonly lab: string;
  readonly values: SessionValues;
}

/** One session of each lab in each cohort, except where the values are not valid. */
export const representativeSessions = ({ loaded }: ProjectState): RepresentativeSession[] =>
  loaded.cohorts.flatMap((cohort) =>
    loaded.labs.flatMap((lab) => {
      const values = labValues(loaded, cohort, lab);
      return values === undefined
        ? []
        : [{ cohort: cohort.name, namespace: namespaceOf(cohort), lab: lab.name, values }];
    }),
  );

/** How many more sessions of a lab fit, if this lab gets all that is left. */
export interface LabRoom {
  readonly cohort: string;
  readonly lab: string;
  /** Undefined without a limit. */
  readonly sessions: number | undefined;
  /** The resources that are exhausted first. */
  readonly limitedBy: readonly string[];
}
