import { labValues } from '../resolve/lab-values';
import { namespaceOf } from '../resolve/cohort';
import type { SessionValues } from '../api/values/schema';
import type { ProjectState } from './project-state';

/** A further session of a lab in a cohort, whose own file sets no values. */
export interface RepresentativeSession {
  readonly cohort: string;
  readonly namespace: string;
  readonly lab: string;
  readonly values: SessionValues;
}

/** Leaves out labs whose values are not valid. */
export const representativeSessions = ({ loaded }: ProjectState): RepresentativeSession[] =>
  loaded.cohorts.flatMap((cohort) =>
    loaded.labs.flatMap((lab) => {
      const values = labValues(loaded, cohort, lab);
      return values === undefined
        ? []
        : [{ cohort: cohort.name, namespace: namespaceOf(cohort), lab: lab.name, values }];
    }),
  );

/** Sessions of one lab that fit if it gets all free resources. */
export interface LabRoom {
  readonly cohort: string;
  readonly lab: string;
  /** Undefined without a limit. */
  readonly sessions: number | undefined;
  readonly limitedBy: readonly string[];
}
