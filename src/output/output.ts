import type { ExecBackendSettings } from '../infra/exec-backend-settings';
import type { FluxSettings } from '../infra/settings';
import type { OutputFile } from '../render/output-file';
import type { Mapping } from '../schema/tree';
import { externalSecretValues, hasFile, type SessionSecret } from '../secrets/session-secret';
import type { SessionValues } from '../values/schema';
import { renderExecBackend } from './exec-backend';
import { externalSecretChart } from './external-secret';
import { keptFolders, renderCohorts, renderFluxRoot, renderIdentities, type DeliveredCohort } from './flux';
import { HEADER } from './header';
import { chartFiles, labSessionChart } from './lab-session-chart';
import { renderSessionNamespace, type SessionNamespace } from './namespace';
import { renderNodes, renderPriorityClass, type RenderedNodes } from './nodes';
import { manifestFile } from './objects';
import { hasChartSource, renderReleases } from './releases';
import { renderSystem } from './system';

/** What the renderer needs to know of a session. */
export interface RenderedSession {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly values: SessionValues;
  /** The values that files give, without defaults. */
  readonly given: Mapping;
  /** How it comes to its password; a Secret that is there when it is not given. */
  readonly secret?: SessionSecret;
}

/** What is rendered. */
export interface RenderedProject {
  readonly namespaces: readonly SessionNamespace[];
  readonly cohorts: readonly DeliveredCohort[];
  readonly sessions: readonly RenderedSession[];
  readonly nodes: RenderedNodes;
  readonly flux: FluxSettings;
  /** Not written when it is not given. */
  readonly execBackend?: ExecBackendSettings;
}

/**
 * All files of the output folder: `infra/namespaces/<namespace>.yaml`, `sessions/<cohort>/<id>.yaml`, beside it `<id>.secret.yaml` where the
 * provider has something for Git, `releases/<cohort>/` for cohorts that Helm delivers, `flux/`, `nodes/` and `charts/lab-session/`.
 */
export function renderOutput(project: RenderedProject): OutputFile[] {
  const { namespaces, cohorts, sessions, nodes, flux, execBackend } = project;
  const files = [
    ...chartFiles().map(({ path, content }) => ({ path: `charts/${labSessionChart.name}/${path}`, content })),
    ...namespaces.map((namespace) =>
      manifestFile(`infra/namespaces/${namespace.name}.yaml`, renderSessionNamespace(namespace)),
    ),
    ...renderSystem(namespaces),
    ...renderPriorityClass(nodes.settings),
    ...renderNodes(nodes),
    ...(execBackend === undefined ? [] : renderExecBackend(execBackend)),
    ...sessions.map(({ id, cohort, namespace, values }) => ({
      path: `sessions/${cohort}/${id}.yaml`,
      content: HEADER + labSessionChart.text(values, namespace),
    })),
    ...sessions.flatMap((session) => secretFiles('sessions', session)),
    ...releasedCohorts(project).flatMap((cohort) => {
      const members = sessions.filter((session) => session.cohort === cohort.name);
      return [
        ...renderReleases(cohort, flux, members),
        ...members.flatMap((session) => secretFiles('releases', session)),
      ];
    }),
    ...renderIdentities(flux, cohorts),
    ...renderCohorts(flux, appliedCohorts(project)),
  ];
  return [...files, ...keptFolders(files)];
}

/** All files of the folder that Flux reads first. */
export function renderFlux(project: RenderedProject): OutputFile[] {
  const { flux, nodes, execBackend } = project;
  return renderFluxRoot(flux, {
    hasNodes: renderNodes(nodes).length > 0,
    hasExecBackend: execBackend !== undefined,
  });
}

const releasedCohorts = ({ cohorts, flux }: RenderedProject): DeliveredCohort[] =>
  cohorts.filter((cohort) => cohort.delivery === 'helm' && hasChartSource(cohort, flux));

/** The cohorts that there is something to apply of: a folder without files is not in Git, and Flux would miss it. */
const appliedCohorts = (project: RenderedProject): DeliveredCohort[] => {
  const released = new Set(releasedCohorts(project));
  const inhabited = new Set(project.sessions.map(({ cohort }) => cohort));
  return project.cohorts.filter(
    (cohort) => released.has(cohort) || (cohort.delivery === 'kustomize' && inhabited.has(cohort.name)),
  );
};

function secretFiles(folder: 'sessions' | 'releases', session: RenderedSession): OutputFile[] {
  const text = secretText(session);
  const path = `${folder}/${session.cohort}/${session.id}.secret.yaml`;
  return text === undefined ? [] : [{ path, content: HEADER + text }];
}

/** What the cluster makes a session's Secret of; undefined when nothing of it is in Git. */
function secretText({ values, namespace, secret }: RenderedSession): string | undefined {
  if (secret?.provider === 'external-secrets')
    return externalSecretChart.text(externalSecretValues(values, secret), namespace);
  // As it is, byte by byte: SOPS has a code over all of it.
  return secret !== undefined && hasFile(secret.provider) ? secret.text : undefined;
}
