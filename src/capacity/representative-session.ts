import { labValues } from '../resolve/lab-values';
import { namespaceOf } from '../resolve/value-layers';
import type { SessionValues } from '../api/values/schema';
import type { ProjectState } from './project-state';

/** A session as a lab has it in a cohort when its file sets no values: what one more would be. */
export interface LabSession {
  readonly cohort: string;
  readonly namespace: string;
  readonly lab: string;
  readonly values: SessionValues;
}

/** One session of each lab in each cohort; without those whose values are not right. */
export const labSessions = ({ loaded }: ProjectState): LabSession[] =>
  loaded.cohorts.flatMap((cohort) =>
    loaded.labs.flatMap((lab) => {
      const values = labValues(loaded, cohort, lab);
      return values === undefined
        ? []
        : [{ cohort: cohort.name, namespace: namespaceOf(cohort), lab: lab.name, values }];
    }),
  );

/** How many more sessions of a lab there is room for in a cohort. */
export interface LabRoom {
  readonly cohort: string;
  readonly lab: string;
  /** Undefined when nothing limits them. */
  readonly sessions: number | undefined;
  /** The resources that are used up first. */
  readonly limitedBy: readonly string[];
}
