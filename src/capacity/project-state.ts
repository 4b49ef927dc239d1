import type { NamespaceRules } from '../admission/admit';
import { namespaceOf } from '../resolve/cohort';
import type { Changes } from '../source/changes';
import type { CohortDocument, Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { namespaceRules } from '../resolve/namespace-rules';
import { resolveProject } from '../resolve/resolve';
import type { ResolvedProject } from '../model/project';
import { labValues } from '../resolve/value-layers';
import type { SessionValues } from '../api/values/schema';

export interface ProjectState {
  readonly loaded: Documents;
  readonly resolved: ResolvedProject;
}

/** @throws DozlabError with code `missing-project` when the folder is not a project */
export function projectState(folder: string, changes?: Changes): ProjectState {
  const loaded = loadProject(folder, changes);
  return { loaded, resolved: resolveProject(loaded) };
}

export const cohortsIn = ({ loaded }: ProjectState, namespace: string): readonly CohortDocument[] =>
  loaded.cohorts.filter((cohort) => namespaceOf(cohort) === namespace);

/** A further session of a lab in a cohort, whose own file sets no values. */
interface RepresentativeSession {
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

export type RulesByNamespace = ReadonlyMap<string, NamespaceRules>;

export const rulesIn = ({ resolved }: ProjectState): RulesByNamespace =>
  new Map(resolved.namespaces.map((namespace) => [namespace.name, namespaceRules(namespace)]));
