import { App, Chart } from 'cdk8s';
import { ExecBackendAccess } from '../constructs/exec-backend/access';
import { ExecBackendConfig } from '../constructs/exec-backend/config';
import { ExecBackendNamespace } from '../constructs/exec-backend/namespace';
import { ExecBackendNetworkPolicies } from '../constructs/exec-backend/network-policies';
import { ExecBackendQuota } from '../constructs/exec-backend/quota';
import type { ExecBackendSettings } from '../infra/exec-backend-settings';
import type { OutputFile } from '../render/output-file';
import { toYaml, type Manifest } from '../render/yaml';
import { HEADER } from './header';

/** A manifest of the exec backend by the name of its file. */
interface Part {
  readonly file: string;
  readonly build: (chart: Chart, settings: ExecBackendSettings) => void;

  /** Whether it is written. @default always */
  readonly isWanted?: (settings: ExecBackendSettings) => boolean;
}

const PARTS: readonly Part[] = [
  {
    file: 'namespace.yaml',
    build: (chart, { namespace }) => new ExecBackendNamespace(chart, 'namespace', { name: namespace }),
  },
  { file: 'rbac.yaml', build: (chart, settings) => new ExecBackendAccess(chart, 'access', settings) },
  {
    file: 'resourcequota.yaml',
    isWanted: ({ quota }) => quota.enabled,
    build: (chart, { namespace, quota, limitRange }) =>
      new ExecBackendQuota(chart, 'quota', {
        namespace,
        hard: quota.hard,
        defaultLimits: limitRange.default,
        defaultRequests: limitRange.defaultRequest,
      }),
  },
  { file: 'config.yaml', build: (chart, settings) => new ExecBackendConfig(chart, 'config', settings) },
  {
    file: 'network-policy.yaml',
    isWanted: ({ isolation }) => isolation.enabled,
    build: (chart, { namespace, isolation }) =>
      new ExecBackendNetworkPolicies(chart, 'network-policies', { namespace, ...isolation }),
  },
];

/** The files of the exec backend, for `kubectl apply -k` or Flux: its manifests, and the kustomization.yaml that lists them. */
export function renderExecBackend(settings: ExecBackendSettings): OutputFile[] {
  const parts = PARTS.filter(({ isWanted = () => true }) => isWanted(settings));
  return [
    ...parts.map(({ file, build }) =>
      outputFile(
        file,
        objectsOf((chart) => build(chart, settings)),
      ),
    ),
    outputFile('kustomization.yaml', [kustomization(parts.map(({ file }) => file))]),
  ];
}

function objectsOf(build: (chart: Chart) => void): Manifest[] {
  const chart = new Chart(new App(), 'exec-backend');
  build(chart);
  return chart.toJson() as Manifest[];
}

/** Kustomize, "kustomization.yaml". It is a file and no object of the API: it has no metadata. */
const kustomization = (resources: readonly string[]): Manifest =>
  ({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }) as unknown as Manifest;

const outputFile = (file: string, objects: readonly Manifest[]): OutputFile => ({
  path: `exec-backend/${file}`,
  content: HEADER + toYaml(objects),
});
