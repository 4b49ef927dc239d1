/**
 * npm run crds: writes imports/crds/, the CRDs that `cdk8s import` reads, from the Go modules of their projects. It needs Go; its result is
 * committed. Descriptions, which are most of a CRD, and versions that are not stored are left out.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** `cdk8s import` writes one file for each API group, so each group has one file of CRDs. */
const GROUPS = [
  {
    group: 'argoproj.io',
    module: 'github.com/argoproj/argo-cd/v3@v3.1.0',
    path: 'manifests/crds',
    files: ['application-crd.yaml', 'appproject-crd.yaml'],
  },
  {
    group: 'external-secrets.io',
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    path: 'config/crds/bases',
    files: ['external-secrets.io_externalsecrets.yaml', 'external-secrets.io_pushsecrets.yaml'],
  },
  {
    group: 'generators.external-secrets.io',
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    path: 'config/crds/bases',
    files: ['generators.external-secrets.io_passwords.yaml'],
  },
  {
    group: 'kustomize.toolkit.fluxcd.io',
    module: 'github.com/fluxcd/kustomize-controller@v1.7.3',
    path: 'config/crd/bases',
    files: ['kustomize.toolkit.fluxcd.io_kustomizations.yaml'],
  },
  {
    group: 'helm.toolkit.fluxcd.io',
    module: 'github.com/fluxcd/helm-controller@v1.4.0',
    path: 'config/crd/bases',
    files: ['helm.toolkit.fluxcd.io_helmreleases.yaml'],
  },
  {
    group: 'source.toolkit.fluxcd.io',
    module: 'github.com/fluxcd/source-controller@v1.7.3',
    path: 'config/crd/bases',
    files: [
      'source.toolkit.fluxcd.io_gitrepositories.yaml',
      'source.toolkit.fluxcd.io_helmcharts.yaml',
      'source.toolkit.fluxcd.io_ocirepositories.yaml',
    ],
  },
  {
    group: 'monitoring.coreos.com',
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    path: 'example/prometheus-operator-crd',
    files: ['monitoring.coreos.com_podmonitors.yaml'],
  },
];

/** A CRD without descriptions and without versions that are not stored. */
function reduced(text) {
  const crd = withoutDescriptions(parse(text));
  return { ...crd, spec: { ...crd.spec, versions: crd.spec.versions.filter(({ storage }) => storage) } };
}

function withoutDescriptions(node) {
  if (Array.isArray(node)) return node.map(withoutDescriptions);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key, value]) => key !== 'description' || typeof value !== 'string');
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutDescriptions(value)]));
}

const target = join(import.meta.dirname, '..', 'imports', 'crds');
mkdirSync(target, { recursive: true });
for (const { group, module, path, files } of GROUPS) {
  const answer = execFileSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' });
  const { Dir: folder } = JSON.parse(answer);
  const crds = files.map((file) => stringify(reduced(readFileSync(join(folder, path, file), 'utf8'))));
  writeFileSync(
    join(target, `${group}.yaml`),
    `# From ${module} by "npm run crds". Do not edit.\n${crds.join('---\n')}`,
  );
}
