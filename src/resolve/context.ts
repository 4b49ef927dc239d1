import type { FluxSettings } from '../api/settings/flux';
import type { SecretsSettings } from '../api/settings/secrets';
import { Diagnostics, type Problem } from '../core/diagnostics';
import type { Remember } from '../core/memo';
import type { Cohort } from '../model/cohort';
import type { Nodes } from '../model/nodes';
import type { Documents } from '../source/document';
import { fluxOf, resolveCohort } from './cohort';
import { checkNamespaceUse, resolveNamespaces, type ResolvedNamespace } from './namespace';
import { resolveNodes } from './nodes';
import { cohortSettings } from './secret';
import type { SessionSizes } from './sizes';

/** What project, labs and cohorts give, without any session. Plain data. */
export interface Context {
  /** The settings of passwords of each cohort, where they are valid. */
  readonly secrets: readonly { readonly cohort: string; readonly settings?: SecretsSettings | undefined }[];
  readonly namespaces: readonly ResolvedNamespace[];
  readonly cohorts: readonly Cohort[];
  readonly nodes: Nodes;
  readonly flux: FluxSettings;
  readonly problems: readonly Problem[];
}

export function resolveContext(documents: Documents, sizes: SessionSizes, remember: Remember): Context {
  const { project, labs, cohorts, chartFolders } = documents;
  const files = [project, ...labs, ...cohorts].map(({ path, isFlawed, file }) => [path, isFlawed, file?.text]);
  return remember('context', [files, chartFolders], () => {
    const diagnostics = new Diagnostics();
    const secrets = cohorts.map((cohort) => ({
      cohort: cohort.name,
      settings: cohortSettings(documents, cohort, diagnostics),
    }));
    checkNamespaceUse(documents, diagnostics);
    return {
      secrets,
      namespaces: resolveNamespaces(documents, sizes, diagnostics),
      cohorts: cohorts.flatMap((cohort, index) => {
        const resolved = resolveCohort(documents, cohort, secrets[index]?.settings, diagnostics);
        return resolved === undefined ? [] : [resolved];
      }),
      nodes: resolveNodes(documents, diagnostics),
      flux: fluxOf(documents),
      problems: diagnostics.problems,
    };
  });
}
