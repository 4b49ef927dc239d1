import type { FluxSettings } from '../api/settings/flux';
import type { Cohort } from '../model/cohort';
import type { Nodes } from '../model/nodes';
import type { Namespace } from '../model/namespace';
import type { Remember } from '../core/memo';
import type { SecretsSettings } from '../api/settings/secrets';
import { fluxOf, resolveCohort } from './cohort';
import type { Documents } from '../source/document';
import { resolveNamespaces, sharedNamespaceProblems, type ResolvedNamespace } from './namespace';
import { resolveNodes } from './nodes';
import type { Problem } from '../core/diagnostics';
import { cohortSettings } from './secret';
import type { SessionSizes } from './sizes';

/** What project, labs and cohorts come to, whatever sessions there are. */
interface Surroundings {
  /** Settings of passwords of cohorts; null where they are not right. */
  readonly secrets: readonly (readonly [cohort: string, settings: SecretsSettings | null])[];
  readonly namespaces: readonly ResolvedNamespace[];
  readonly cohorts: readonly Cohort[];
  readonly nodes: Nodes;
  readonly flux: FluxSettings;
  readonly problems: readonly Problem[];
}

/** The same as plain data: the cohort of a namespace by its place. */
export interface PlainSurroundings extends Omit<Surroundings, 'namespaces'> {
  readonly namespaces: readonly PlainNamespace[];
}

interface PlainNamespace {
  readonly cohort: number;
  readonly maxSessions?: number;
  readonly namespace: Namespace;
}

export function surroundingsOf(loaded: Documents, sizes: SessionSizes, remember: Remember): Surroundings {
  const { project, labs, cohorts, chartFolders } = loaded;
  const files = [project, ...labs, ...cohorts];
  const of = [files.map(({ path, isFlawed, file }) => [path, isFlawed, file?.text]), chartFolders];
  const plain = remember('context', of, () => resolveSurroundings(loaded, sizes));
  const namespaces = plain.namespaces.flatMap(({ cohort: place, maxSessions, namespace }) => {
    const cohort = cohorts[place];
    return cohort === undefined ? [] : [{ cohort, maxSessions, namespace }];
  });
  return { ...plain, namespaces };
}

function resolveSurroundings(loaded: Documents, sizes: SessionSizes): PlainSurroundings {
  const problems: Problem[] = [];
  const secrets = loaded.cohorts.map((cohort) => cohortSettings(loaded, cohort, problems));
  const namespaces = resolveNamespaces(loaded, sizes, problems);
  const cohorts = loaded.cohorts.flatMap((cohort, index) => {
    const resolved = resolveCohort(loaded, cohort, secrets[index], problems);
    return resolved === undefined ? [] : [resolved];
  });
  problems.push(...sharedNamespaceProblems(loaded));
  const nodes = resolveNodes(loaded, problems);
  return {
    secrets: loaded.cohorts.map(({ name }, index) => [name, secrets[index] ?? null]),
    namespaces: namespaces.map(({ cohort, maxSessions, namespace }) => ({
      cohort: loaded.cohorts.indexOf(cohort),
      ...(maxSessions === undefined ? {} : { maxSessions }),
      namespace,
    })),
    cohorts,
    nodes,
    flux: fluxOf(loaded),
    problems,
  };
}
