import type { OutputFile } from '../render/output-file';
import { toYaml } from '../render/yaml';
import type { SessionValues } from '../values/schema';
import { HEADER } from './header';
import { chartFiles, labSessionChart } from './lab-session-chart';
import { renderNamespace } from './namespace';

/** What the renderer needs to know of a session. */
export interface RenderedSession {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly values: SessionValues;
}

/** What is rendered: namespaces for sessions, and the sessions. */
export interface RenderedProject {
  readonly namespaces: readonly string[];
  readonly sessions: readonly RenderedSession[];
}

/** All files of the output folder: `infra/namespaces/<namespace>.yaml`, `sessions/<cohort>/<id>.yaml` and `charts/lab-session/`. */
export const renderOutput = ({ namespaces, sessions }: RenderedProject): OutputFile[] => [
  ...chartFiles().map(({ path, content }) => ({ path: `charts/${labSessionChart.name}/${path}`, content })),
  ...ownNamespaces(namespaces).map((namespace) => ({
    path: `infra/namespaces/${namespace}.yaml`,
    content: HEADER + toYaml([renderNamespace(namespace)]),
  })),
  ...sessions.map(({ id, cohort, namespace, values }) => ({
    path: `sessions/${cohort}/${id}.yaml`,
    content: HEADER + labSessionChart.text(values, namespace),
  })),
];

/** Namespaces that are not ours to make: every cluster has them. */
const EXISTING = /^(default|kube-.*)$/;

const ownNamespaces = (namespaces: readonly string[]): string[] =>
  Array.from(new Set(namespaces))
    .filter((namespace) => !EXISTING.test(namespace))
    .sort();
