import type { OutputFile } from '@dozlab/charts';
import { renderExecBackend } from './exec-backend';
import { deliveryFiles, deliveryOf } from './deliveries';
import { placeholderFiles, renderFluxRoot } from './flux';
import { chartFiles } from './chart/files';
import { labSessionChart } from './lab-session-chart';
import { renderMonitoring, renderSessionNamespace, renderSystem } from './namespace';
import { renderNodes, renderPriorityClass } from './nodes';
import { inhabitedCohorts, type Project } from '../model/project';
import { manifestFile } from './manifest-file';
import { releaseChart, type SessionTemplates, secretTemplate } from './session-templates';
import { sessionFiles } from './session-files';
import type { FluxSettings } from '../api/settings/flux';
import { defaultValues } from '../api/values/defaults';
import { hasChartSource, type Cohort } from '../model/cohort';
import type { ReleaseProps } from './release';

const TEMPLATES: SessionTemplates = {
  session: labSessionChart.printer,
  release: releaseChart.printer,
  secret: secretTemplate,
};

/** Plain data. */
export interface SharedParts extends Omit<Project, 'sessions'> {
  /** Cohorts with sessions. */
  readonly inhabited: readonly string[];
}

export function sharedParts(project: Project): SharedParts {
  const { namespaces, cohorts, nodes, flux, execBackend, deliverySettings } = project;
  const inhabited = Array.from(inhabitedCohorts(project));
  return { namespaces, cohorts, nodes, flux, execBackend, deliverySettings, inhabited };
}

export interface SharedFiles {
  readonly output: readonly OutputFile[];
  readonly flux: readonly OutputFile[];
}

export function renderShared({ namespaces, inhabited, ...others }: SharedParts): SharedFiles {
  const { nodes, flux, execBackend } = others;
  const nodeFiles = renderNodes(nodes);
  const monitoring = renderMonitoring(namespaces);
  const output = [
    ...namespaces.map((namespace) =>
      manifestFile(`infra/namespaces/${namespace.name}.yaml`, renderSessionNamespace(namespace)),
    ),
    ...renderSystem(namespaces),
    ...renderPriorityClass(nodes.settings),
    ...monitoring,
    ...nodeFiles,
    ...(execBackend === undefined ? [] : renderExecBackend(execBackend)),
    ...deliveryFiles({ ...others, inhabited: new Set(inhabited), hasMonitoring: monitoring.length > 0 }),
  ];
  const hasExecBackend = execBackend !== undefined;
  const parts = { hasMonitoring: monitoring.length > 0, hasNodes: nodeFiles.length > 0, hasExecBackend };
  return { output, flux: renderFluxRoot(flux, parts) };
}

/**
 * All files of the output folder: `infra/namespaces/<namespace>.yaml`, `sessions/<cohort>/<id>.yaml` with `<id>.secret.yaml` where the provider
 * has a file, `releases/<cohort>/` for the delivery helm, `flux/`, `monitoring/`, `nodes/` and `charts/lab-session/`. A session's content is rendered on demand.
 */
export function renderOutput(
  project: Project,
  shared: readonly OutputFile[] = renderShared(sharedParts(project)).output,
): OutputFile[] {
  const { cohorts, sessions, flux } = project;
  const chart = chartFiles().map(({ path, content }) => ({ path: `charts/${labSessionChart.name}/${path}`, content }));
  const byName = new Map(cohorts.map((cohort) => [cohort.name, sessionFiles(TEMPLATES, releaseOf(cohort, flux))]));
  const ofOthers = sessionFiles(TEMPLATES, undefined);
  const ofSessions = sessions.flatMap((session) => (byName.get(session.cohort) ?? ofOthers)(session));
  return [...chart, ...shared, ...ofSessions, ...placeholderFiles([...chart, ...shared])];
}

const releaseOf = (cohort: Cohort, flux: FluxSettings): ReleaseProps | undefined =>
  deliveryOf(cohort).usesHelm && hasChartSource(cohort, flux) ? { cohort, flux, defaults: defaultValues() } : undefined;
