import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourcesOf } from './go';

/** Kinds that are defined in the sources of a Go module. */
interface Kinds {
  readonly tool: string;
  readonly module: string;
  readonly folder: string;

  /** The names of the files that define them. @default all */
  readonly files?: RegExp;
}

const flux = (controller: string): Kinds => ({
  tool: controller,
  module: `github.com/fluxcd/${controller}`,
  folder: 'config/crd/bases',
});

const KINDS: readonly Kinds[] = [
  { tool: 'gateway-api', module: 'sigs.k8s.io/gateway-api', folder: 'config/crd/standard' },
  ...['source-controller', 'kustomize-controller', 'helm-controller'].map(flux),
  {
    tool: 'argocd',
    module: 'github.com/argoproj/argo-cd/v3',
    folder: 'manifests/crds',
    files: /^(application|appproject)-crd\.yaml$/,
  },
  { tool: 'sealed-secrets', module: 'github.com/bitnami-labs/sealed-secrets', folder: 'helm/sealed-secrets/crds' },
  {
    tool: 'external-secrets',
    module: 'github.com/external-secrets/external-secrets',
    folder: 'config/crds/bases',
    // They are large, so only those that the controller acts for.
    files: /_(externalsecrets|pushsecrets|secretstores|clustersecretstores|fakes|passwords|generatorstates)\.yaml$/,
  },
  {
    tool: 'prometheus-operator',
    module: 'github.com/prometheus-operator/prometheus-operator',
    folder: 'example/prometheus-operator-crd',
    files: /_podmonitors\.yaml$/,
  },
];

/** The files that define the kinds of others. */
export const kindFiles = (): string[] =>
  KINDS.flatMap(({ tool, module, folder, files = /\.yaml$/ }) => {
    const path = join(sourcesOf(tool, module), folder);
    const found = readdirSync(path).filter((name) => files.test(name) && name !== 'kustomization.yaml');
    return found.sort().map((name) => join(path, name));
  });
