import type { ExecBackendSettings } from '../infra/exec-backend-settings';
import type { FluxSettings } from '../infra/settings';
import { lazyFile } from '../render/lazy-file';
import type { OutputFile } from '../render/output-file';
import type { Mapping } from '../schema/tree';
import { externalSecretValues, hasFile, type SessionSecret } from '../secrets/session-secret';
import type { SessionValues } from '../values/schema';
import { renderExecBackend } from './exec-backend';
import { externalSecretChart } from './external-secret';
import { keptFolders, renderCohorts, renderFluxRoot, renderIdentities, type DeliveredCohort } from './flux';
import { HEADER } from './header';
import { chartFiles } from './chart-files';
import { labSessionChart } from './lab-session-chart';
import { renderSessionNamespace, type SessionNamespace } from './namespace';
import { renderNodes, renderPriorityClass, type RenderedNodes } from './nodes';
import { manifestFile } from './manifest-file';
import { hasChartSource } from './chart-name';
import { releasePrinter } from './release';
import { renderReleaseChart } from './releases';
import { sessionPrinter } from './session-printer';
import { renderSystem } from './system';
import { anew, type Remember } from './remember';

/** What the renderer needs to know of a session. */
export interface RenderedSession {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly values: SessionValues;
  /** The values that files give, without defaults. */
  readonly given: Mapping;
  /** The same object for sessions of a cohort whose values differ in nothing but their identity. */
  readonly kind?: object;
  /** Whether it is as it was when its files were written: the files that it is made of, and all that they are over. */
  readonly isKnown?: boolean;
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
 * The files of sessions are made when their content is asked for.
 */
export function renderOutput(project: RenderedProject, made: Remember = anew): OutputFile[] {
  const { namespaces, cohorts, sessions, nodes, flux, execBackend } = project;
  const released = releasedCohorts(project);
  const applied = appliedCohorts(project);
  const around = made('around', { namespaces, cohorts, nodes, flux, execBackend, released, applied }, () => [
    ...chartFiles().map(({ path, content }) => ({ path: `charts/${labSessionChart.name}/${path}`, content })),
    ...namespaces.map((namespace) =>
      manifestFile(`infra/namespaces/${namespace.name}.yaml`, renderSessionNamespace(namespace)),
    ),
    ...renderSystem(namespaces),
    ...renderPriorityClass(nodes.settings),
    ...renderNodes(nodes),
    ...(execBackend === undefined ? [] : renderExecBackend(execBackend)),
    ...released.map((cohort) => renderReleaseChart(cohort, flux)),
    ...renderIdentities(flux, cohorts),
    ...renderCohorts(flux, applied),
  ]);
  const printRelease = new Map(released.map((cohort) => [cohort.name, releasePrinter(cohort, flux)]));
  const print = sessionPrinter();
  const files = [
    ...around,
    ...sessions.flatMap((session) => sessionFiles(session, print, printRelease.get(session.cohort))),
  ];
  return [...files, ...keptFolders(around)];
}

function sessionFiles(
  session: RenderedSession,
  print: (session: RenderedSession) => string,
  printRelease: ((session: RenderedSession) => string) | undefined,
): OutputFile[] {
  const { id, cohort: name, isKnown } = session;
  const file = (folder: string, end: string, make: () => string, known = isKnown): OutputFile =>
    lazyFile(`${folder}/${name}/${id}${end}.yaml`, make, known === true);
  const folders = printRelease === undefined ? ['sessions'] : ['sessions', 'releases'];
  const secret = secretText(session);
  return [
    file('sessions', '', () => HEADER + print(session)),
    ...(printRelease === undefined ? [] : [file('releases', '', () => printRelease(session))]),
    ...(secret === undefined
      ? []
      : folders.map((folder) =>
          file(folder, '.secret', () => HEADER + secret.text(), isKnown === true && secret.isMade),
        )),
  ];
}

/** All files of the folder that Flux reads first. */
export function renderFlux(project: RenderedProject, made: Remember = anew): OutputFile[] {
  const { flux, nodes, execBackend } = project;
  const hasExecBackend = execBackend !== undefined;
  const files = made('flux', { flux, nodes, hasExecBackend }, () =>
    renderFluxRoot(flux, { hasNodes: renderNodes(nodes).length > 0, hasExecBackend }),
  );
  return [...files];
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

interface SecretText {
  readonly text: () => string;
  /** Whether it is made of what the session is made of, and not taken from a file. */
  readonly isMade: boolean;
}

/** What the cluster makes a session's Secret of; undefined when nothing of it is in Git. */
function secretText({ values, namespace, secret }: RenderedSession): SecretText | undefined {
  if (secret?.provider === 'external-secrets')
    return { text: () => externalSecretChart.text(externalSecretValues(values, secret), namespace), isMade: true };
  const { text } = secret ?? {};
  if (secret === undefined || !hasFile(secret.provider) || text === undefined) return undefined;
  // As it is, byte by byte: SOPS has a code over all of it.
  return { text: () => text, isMade: false };
}
