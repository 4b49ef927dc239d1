import type { OutputFile } from '@dozlab/charts';
import { renderExecBackend } from './exec-backend';
import { deliveryFiles } from './deliveries';
import { keptFolders, renderFluxRoot } from './flux';
import { chartFiles } from './chart/files';
import { labSessionChart } from './lab-session-chart';
import { renderSessionNamespace } from './namespace';
import { renderNodes, renderPriorityClass } from './nodes';
import { inhabitedCohorts, type Project } from '../model/project';
import { manifestFile } from './manifest-file';
import { releaseChart } from './release-chart';
import { releaseOf } from './release-props';
import { secretTemplate } from './secret-charts';
import { sessionFiles } from './session-files';
import type { SessionTemplates } from './session-templates';
import { renderSystem } from './system';
import { anew, type Remember } from '../core/memo';

/** What prints the files of sessions, by their constructs where nothing was compiled. */
const TEMPLATES: SessionTemplates = {
  session: labSessionChart.printer,
  release: releaseChart.printer,
  secret: secretTemplate,
};

/**
 * All files of the output folder: `infra/namespaces/<namespace>.yaml`, `sessions/<cohort>/<id>.yaml`, beside it `<id>.secret.yaml` where the
 * provider has something for Git, `releases/<cohort>/` for cohorts that Helm delivers, `flux/`, `nodes/` and `charts/lab-session/`.
 * The files of sessions are made when their content is asked for.
 */
export function renderOutput(project: Project, made: Remember = anew): OutputFile[] {
  const { namespaces, cohorts, sessions, nodes, flux, execBackend, deliverySettings } = project;
  const parts = { cohorts, nodes, flux, execBackend, deliverySettings };
  const inhabited = inhabitedCohorts(project);
  const around = made('around', { ...parts, namespaces, inhabited: Array.from(inhabited) }, () => [
    ...chartFiles().map(({ path, content }) => ({ path: `charts/${labSessionChart.name}/${path}`, content })),
    ...namespaces.map((namespace) =>
      manifestFile(`infra/namespaces/${namespace.name}.yaml`, renderSessionNamespace(namespace)),
    ),
    ...renderSystem(namespaces),
    ...renderPriorityClass(nodes.settings),
    ...renderNodes(nodes),
    ...(execBackend === undefined ? [] : renderExecBackend(execBackend)),
    ...deliveryFiles({ ...parts, inhabited }),
  ]);
  const byName = new Map(cohorts.map((cohort) => [cohort.name, sessionFiles(TEMPLATES, releaseOf(cohort, flux))]));
  const ofOthers = sessionFiles(TEMPLATES, undefined);
  const files = [...around, ...sessions.flatMap((session) => (byName.get(session.cohort) ?? ofOthers)(session))];
  return [...files, ...keptFolders(around)];
}

/** All files of the folder that Flux reads first. */
export function renderFlux(project: Project, made: Remember = anew): OutputFile[] {
  const { flux, nodes, execBackend } = project;
  const hasExecBackend = execBackend !== undefined;
  const files = made('flux', { flux, nodes, hasExecBackend }, () =>
    renderFluxRoot(flux, { hasNodes: renderNodes(nodes).length > 0, hasExecBackend }),
  );
  return [...files];
}
