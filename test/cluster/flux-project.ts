import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, project, type Files } from '../support/project';
import { dozlab } from '../support/cli';
import { kubectl, uniqueName } from './cluster';
import { GitRepository } from './git-repository';
import { reconcile } from './reconcile';
import { binFolder } from './tools';

/** A project in a repository of its own, which Flux brings into the cluster from a namespace of its own, as `flux bootstrap` sets it up. */
export class FluxProject {
  readonly git: GitRepository;

  /** Namespace of Flux's objects. */
  readonly flux: string;

  private readonly spec: object;

  /** @param spec of dozlab.yaml, over what a test needs; of `flux` what is not set here */
  constructor(
    name: string,
    { flux, ...spec }: { readonly flux?: object; readonly [key: string]: unknown },
    files: Files,
  ) {
    this.git = new GitRepository(name);
    this.flux = uniqueName(`flux-${name}`);
    const infra = { roles: { sessionManager: { namespace: uniqueName(`system-${name}`) } } };
    this.spec = { infra, ...spec };
    this.configure(flux);
    this.write({ ...bootstrapFiles(this.flux, this.git.url), ...files });
  }

  /** Writes dozlab.yaml with other settings of Flux, beside those that tests need. */
  configure(flux: object = {}): void {
    const own = {
      namespace: this.flux,
      source: { url: this.git.url, interval: '1h' },
      interval: '1h',
      retryInterval: '5s',
    };
    this.write({ 'dozlab.yaml': project({ ...this.spec, flux: { ...flux, ...own } }) });
  }

  /** Applies what bootstrap does by itself: whom Flux acts as, its source, and the Kustomization of `fluxcd/`. */
  bootstrap(): void {
    kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.flux } }]);
    kubectl.apply(administrator(this.flux));
    this.push();
    kubectl.apply(sync(this.flux, this.git.url));
  }

  write(files: Files): void {
    addFiles(this.git.folder, files);
  }

  remove(...paths: string[]): void {
    for (const path of paths) rmSync(join(this.git.folder, path), { recursive: true });
  }

  /** Runs dozlab in the project, with kubectl at hand, and gives all that it said. Throws that when it fails. */
  run(...args: string[]): string {
    const { stdout, stderr } = this.spawn(args);
    return stdout + stderr;
  }

  /** The same, and gives only what is for programs. */
  read(...args: string[]): unknown {
    return JSON.parse(this.spawn([...args, '--output', 'json']).stdout) as unknown;
  }

  private spawn(args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
    const { PATH = '' } = process.env;
    const env = { ...process.env, PATH: `${binFolder()}:${PATH}` };
    const { status, stdout, stderr } = dozlab([...args, '--project', this.git.folder], { env });
    if (status !== 0) throw new Error(`dozlab ${args.join(' ')}\n${stdout}${stderr}`);
    return { stdout, stderr };
  }

  /** Writes the output, commits and pushes all. Gives the commit. */
  push(): string {
    this.run('synth');
    return this.git.push();
  }

  /** Pushes, has Flux look at the repository, and waits until it has applied to cohorts what is there. */
  deliver(...cohorts: string[]): void {
    this.push();
    this.sync(...cohorts);
  }

  /** Has Flux look at the repository, and waits until it has applied the newest commit: what cohorts share, and those that are named. */
  sync(...cohorts: string[]): void {
    this.lookAgain();
    const all = kubectl.run(['get', 'kustomizations', '-n', this.flux, '-o', 'name']).trim().split('\n');
    this.waitForCommit(...all.filter((name) => name.includes('/dozlab-')));
    this.waitForCohorts(cohorts);
  }

  /** The same, but waits only for what each cohort needs: other Kustomizations may fail. */
  apply(...cohorts: string[]): void {
    this.lookAgain();
    this.waitForCommit(...['infra', 'identities', 'cohorts'].map((name) => `kustomization/dozlab-${name}`));
    this.waitForCohorts(cohorts);
  }

  private lookAgain(): void {
    reconcile(this.flux, 'gitrepository/flux-system');
    this.waitForCommit('kustomization/flux-system');
    reconcile(this.flux, 'gitrepository/dozlab-infra');
  }

  private waitForCohorts(cohorts: readonly string[]): void {
    this.waitForCommit(...cohorts.map((name) => `kustomization/lab-${name}`));
  }

  private waitForCommit(...kustomizations: string[]): void {
    if (kustomizations.length === 0) return;
    const isApplied = `--for=jsonpath={.status.lastAppliedRevision}=main@sha1:${this.git.head}`;
    const objects = [...kustomizations, '-n', this.flux];
    if (kubectl.try(['wait', ...objects, isApplied, '--timeout=120s'])) return;
    const found = kubectl
      .list('kustomizations', '-n', this.flux)
      .map(({ metadata, status }) => [metadata.name, status]);
    throw new Error(`not all is at ${this.git.head}: ${JSON.stringify(found, undefined, 2)}`);
  }

  /** Has Flux remove everything, in the order in which it can be: whom it acts as goes after what it has made. */
  end(): void {
    for (const name of ['dozlab-cohorts', 'dozlab-identities', 'dozlab-infra', 'flux-system'])
      kubectl.run(['delete', `kustomization/${name}`, '-n', this.flux, '--ignore-not-found', '--timeout=120s']);
    kubectl.run(['delete', `clusterrolebinding/${this.flux}`, `namespace/${this.flux}`, '--wait=false']);
  }
}

const sync = (namespace: string, url: string): object[] => [
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'flux-system', namespace },
    spec: { interval: '1h', ref: { branch: 'main' }, url },
  },
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'flux-system', namespace },
    spec: {
      interval: '1h',
      path: './fluxcd',
      prune: true,
      serviceAccountName: ADMINISTRATOR,
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
    },
  },
];

/** The service account of the controller itself, by which the Kustomization of bootstrap applies when Flux is locked down. */
const ADMINISTRATOR = 'kustomize-controller';

const administrator = (namespace: string): object[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ADMINISTRATOR, namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: ADMINISTRATOR, namespace }],
  },
];

/** What `flux bootstrap` commits, with a ConfigMap in place of Flux's own components. */
const bootstrapFiles = (namespace: string, url: string): Files => {
  const [source = {}, kustomization = {}] = sync(namespace, url);
  return {
    'fluxcd/flux-system/gotk-components.yaml': {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'components', namespace },
    },
    'fluxcd/flux-system/gotk-sync.yaml': [source, kustomization]
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
    'fluxcd/flux-system/kustomization.yaml': {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['gotk-components.yaml', 'gotk-sync.yaml'],
    },
  };
};
