import type { Construct } from 'constructs';
import { ExecBackendAccess } from '../constructs/exec-backend/access';
import { ExecBackendConfig } from '../constructs/exec-backend/config';
import { ExecBackendNetworkPolicies } from '../constructs/exec-backend/network-policies';
import { ExecBackendQuota } from '../constructs/exec-backend/quota';
import { SystemNamespace } from '../constructs/namespace/namespace';
import type { ExecBackendSettings } from '../api/settings/exec-backend';
import type { OutputFile } from '@dozlab/charts';
import type { Manifest } from '@dozlab/charts/yaml';
import { manifestFile, objectsOf } from './manifest-file';

interface Part {
  readonly file: string;
  readonly build: (scope: Construct, settings: ExecBackendSettings) => void;

  /** @default always */
  readonly isWanted?: (settings: ExecBackendSettings) => boolean;
}

const PARTS: readonly Part[] = [
  {
    file: 'namespace.yaml',
    // Kaniko builds as root, which the level restricted rejects.
    build: (scope, { namespace }) =>
      new SystemNamespace(scope, 'namespace', { name: namespace, enforce: 'baseline', warn: 'restricted' }),
  },
  { file: 'rbac.yaml', build: (scope, settings) => new ExecBackendAccess(scope, 'access', settings) },
  {
    file: 'resourcequota.yaml',
    isWanted: ({ quota }) => quota.enabled,
    build: (scope, { namespace, quota, limitRange }) =>
      new ExecBackendQuota(scope, 'quota', {
        namespace,
        hard: quota.hard,
        defaultLimits: limitRange.default,
        defaultRequests: limitRange.defaultRequest,
      }),
  },
  { file: 'config.yaml', build: (scope, settings) => new ExecBackendConfig(scope, 'config', settings) },
  {
    file: 'network-policy.yaml',
    isWanted: ({ isolation }) => isolation.enabled,
    build: (scope, { namespace, isolation }) =>
      new ExecBackendNetworkPolicies(scope, 'network-policies', { namespace, ...isolation }),
  },
];

export function renderExecBackend(settings: ExecBackendSettings): OutputFile[] {
  const parts = PARTS.filter(({ isWanted = () => true }) => isWanted(settings));
  return [
    ...parts.map(({ file, build }) =>
      outputFile(
        file,
        objectsOf((scope) => build(scope, settings)),
      ),
    ),
    outputFile('kustomization.yaml', [kustomization(parts.map(({ file }) => file))]),
  ];
}

/** Kustomize, "kustomization.yaml": it has no metadata. */
const kustomization = (resources: readonly string[]): Manifest =>
  ({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }) as unknown as Manifest;

const outputFile = (file: string, objects: readonly Manifest[]): OutputFile =>
  manifestFile(`exec-backend/${file}`, objects);
