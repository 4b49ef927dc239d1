import { parseAllDocuments } from 'yaml';
import { execBackendSettings, type ExecBackendSettings } from '../../src/api/settings/exec-backend';
import { renderExecBackend } from '../../src/manifests/exec-backend';
import type { Manifest } from '@dozlab/charts/yaml';
import type { Mapping } from '@dozlab/charts/schema';

export const execBackendWith = (over: Mapping = {}): ExecBackendSettings => execBackendSettings.parse(over);

export const execBackendFiles = (over: Mapping = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(renderExecBackend(execBackendWith(over)).map(({ path, content }) => [path, content]));

export const execBackendObjects = (over: Mapping = {}): Manifest[] =>
  Object.entries(execBackendFiles(over))
    .filter(([path]) => !path.endsWith('/kustomization.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));

export const DOCUMENT_LIMITS = {
  pods: '50',
  'requests.cpu': '10',
  'requests.memory': '20Gi',
  'limits.cpu': '20',
  'limits.memory': '40Gi',
  configmaps: '100',
  persistentvolumeclaims: '20',
};
