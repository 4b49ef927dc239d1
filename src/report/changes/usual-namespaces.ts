import { toYaml } from '@dozlab/charts/yaml';
import { infraSettings } from '../../api/settings/infra';
import { MICROVM_CAPABILITIES } from '../../api/values/capabilities';
import { defaultValues } from '../../api/values/defaults';
import type { SessionValues } from '../../api/values/schema';
import { renderSessionNamespace } from '../../manifests/namespace';
import { outputPlace } from './output-changes';
import type { Snapshot } from './snapshot';

export const NAMESPACES = 'dist/infra/namespaces/';

export interface NamespaceText {
  readonly name: string;
  /** Undefined for the default. */
  readonly path?: string;
  readonly text: string;
}

/** All namespaces of a project, or one with default settings if it has none: a new one is compared with them. */
export function usualNamespaces({ output }: Snapshot): NamespaceText[] {
  const all = Array.from(output).flatMap(([path, { content }]): NamespaceText[] =>
    path.startsWith(NAMESPACES) ? [{ path, name: outputPlace(path).name, text: content }] : [],
  );
  return all.length > 0 ? all : [{ name: DEFAULT, text: defaultNamespace() }];
}

const DEFAULT = 'lab-default';

export const defaultNamespace = (): string =>
  toYaml(
    renderSessionNamespace({
      name: DEFAULT,
      settings: infraSettings.parse({}),
      images: [],
      capabilities: MICROVM_CAPABILITIES,
      releaseAccounts: [],
      networkPolicy: defaultValues()['networkPolicy'] as SessionValues['networkPolicy'],
    }),
  );
