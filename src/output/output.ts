import type { OutputFile } from '../render/output-file';
import { toYaml } from '../render/yaml';
import { externalSecretValues, hasFile, type SessionSecret } from '../secrets/session-secret';
import type { SessionValues } from '../values/schema';
import { externalSecretChart } from './external-secret';
import { HEADER } from './header';
import { chartFiles, labSessionChart } from './lab-session-chart';
import { renderNamespace } from './namespace';

/** What the renderer needs to know of a session. */
export interface RenderedSession {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly values: SessionValues;
  /** How it comes to its password; a Secret that is there when it is not given. */
  readonly secret?: SessionSecret;
}

/** What is rendered: namespaces for sessions, and the sessions. */
export interface RenderedProject {
  readonly namespaces: readonly string[];
  readonly sessions: readonly RenderedSession[];
}

/**
 * All files of the output folder: `infra/namespaces/<namespace>.yaml`, `sessions/<cohort>/<id>.yaml`, beside it `<id>.secret.yaml` where the
 * provider has something for Git, and `charts/lab-session/`.
 */
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
  ...sessions.flatMap((session) => {
    const text = secretText(session);
    return text === undefined
      ? []
      : [{ path: `sessions/${session.cohort}/${session.id}.secret.yaml`, content: HEADER + text }];
  }),
];

/** What the cluster makes a session's Secret of; undefined when nothing of it is in Git. */
function secretText({ values, namespace, secret }: RenderedSession): string | undefined {
  if (secret?.provider === 'external-secrets')
    return externalSecretChart.text(externalSecretValues(values, secret), namespace);
  // As it is, byte by byte: SOPS has a code over all of it.
  return secret !== undefined && hasFile(secret.provider) ? secret.text : undefined;
}

/** Namespaces that are not ours to make: every cluster has them. */
const EXISTING = /^(default|kube-.*)$/;

const ownNamespaces = (namespaces: readonly string[]): string[] =>
  Array.from(new Set(namespaces))
    .filter((namespace) => !EXISTING.test(namespace))
    .sort();
