/**
 * Makes imports/: the classes that cdk8s makes of the CRDs of Flux, External Secrets and the Prometheus Operator. The CRDs come from Go modules, so this needs Go;
 * its result is committed. Descriptions are left out: they are many times the rest.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** CRDs by API group, as cdk8s writes a file for each group. */
const GROUPS = [
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

/** A CRD without descriptions, and with the version that is stored alone. */
function reduced(text) {
  const crd = withoutDescriptions(parse(text));
  return { ...crd, spec: { ...crd.spec, versions: crd.spec.versions.filter(({ storage }) => storage) } };
}

function withoutDescriptions(node) {
  if (Array.isArray(node)) return node.map(withoutDescriptions);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => key !== 'description' || typeof value !== 'string');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDescriptions(value)]));
}

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'dozlab-imports-'));
try {
  mkdirSync(join(root, 'imports'), { recursive: true });
  for (const { group, module, path, files } of GROUPS) {
    const { Dir: folder } = JSON.parse(
      execFileSync('go', ['mod', 'download', '-json', module], { cwd: work, encoding: 'utf8' }),
    );
    const crds = files.map((file) => stringify(reduced(readFileSync(join(folder, path, file), 'utf8'))));
    const source = join(work, `${group}.yaml`);
    writeFileSync(source, crds.join('---\n'));
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/cdk8s-cli/bin/cdk8s'),
        '--no-check-upgrade',
        'import',
        source,
        '--language',
        'typescript',
        '--output',
        join(root, 'imports'),
      ],
      { cwd: work, stdio: 'inherit' },
    );
  }
} finally {
  rmSync(work, { recursive: true });
}
