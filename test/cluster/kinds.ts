import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourcesOf } from './go';

/** Kinds that are defined in the sources of Go modules. */
interface Kinds {
  readonly tool: string;
  readonly module: string;
  /** Folder of the definitions. */
  readonly folder: string;
}

const flux = (controller: string): Kinds => ({
  tool: controller,
  module: `github.com/fluxcd/${controller}`,
  folder: 'config/crd/bases',
});

const KINDS: readonly Kinds[] = [
  { tool: 'gateway-api', module: 'sigs.k8s.io/gateway-api', folder: 'config/crd/standard' },
  { tool: 'sealed-secrets', module: 'github.com/bitnami-labs/sealed-secrets', folder: 'helm/sealed-secrets/crds' },
  { tool: 'external-secrets', module: 'github.com/external-secrets/external-secrets', folder: 'config/crds/bases' },
  ...['source-controller', 'kustomize-controller', 'helm-controller'].map(flux),
];

/** The files that define the kinds of others. */
export const kindFiles = (): string[] =>
  KINDS.flatMap(({ tool, module, folder }) => {
    const path = join(sourcesOf(tool, module), folder);
    const files = readdirSync(path).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
    return files.sort().map((name) => join(path, name));
  });
