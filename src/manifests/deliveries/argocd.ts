import type { OutputFile } from '@dozlab/charts';
import type { Path } from '@dozlab/charts/schema';
import type { Construct } from 'constructs';
import { Application, type ApplicationSpecSource, AppProject, type AppProjectSpec } from '../../../imports/argoproj.io';
import { argocdSettings, type ArgocdSettings } from '../../api/settings/argocd';
import type { FluxSettings } from '../../api/settings/flux';
import { MANAGED_LABELS, managedMetadata } from '../../constructs/namespace/labels';
import type { Cohort } from '../../model/cohort';
import { isOwnNamespace } from '../../model/project';
import { fluxDecryption, providerKinds } from '../../secrets/providers';
import { HEADER, manifestFile, objectsOf } from '../manifest-file';
import type { DeliveredProject, Delivery, DeliveryProblem } from './delivery';

/** The user applies `argocd/root.yaml` once. Its Application applies the folder `argocd`, itself included. */
export const argocd: Delivery<ArgocdSettings> = {
  name: 'argocd',
  summary: 'Argo CD applies the manifests of dist/sessions',
  settings: { key: 'argocd', schema: argocdSettings },
  usesHelm: false,
  isAllOrNothing: false,
  usesFlux: false,
  permissions: [],
  folder: ({ name }) => `sessions/${name}`,
  check: ({ secrets }, { flux, settings }) => [
    ...(settings === undefined ? [missing(['spec', 'delivery'], NO_SETTINGS)] : []),
    ...(settings !== undefined && repositoryOf(settings, flux) === undefined
      ? [missing(['spec', 'argocd', 'source', 'url'], NO_REPOSITORY)]
      : []),
    ...(secrets === undefined || fluxDecryption(secrets) === undefined ? [] : [encrypted(secrets.provider)]),
  ],
  isApplied: () => true,
  cohortFiles: (cohort, project) => {
    const place = placeOf(project);
    if (place === undefined) return [];
    const folder = argocd.folder(cohort);
    return [
      // Git has no empty folders, and Argo CD removes the last sessions only if it finds the folder.
      ...(project.inhabited.has(cohort.name) ? [] : [emptyFolder(folder)]),
      objectFile(`cohorts/${cohort.name}`, (scope) => {
        addCohort(scope, place, cohort, project.cohorts);
      }),
    ];
  },
  sharedFiles: (project) => {
    const place = placeOf(project);
    if (place === undefined) return [];
    const root = objectFile('root', (scope) => {
      addRoot(scope, place);
    });
    const infra = objectFile('infra', (scope) => {
      addInfra(scope, place, project.cohorts);
    });
    const monitoring = objectFile('monitoring', (scope) => {
      addMonitoring(scope, place);
    });
    return place.settings.infra ? [root, infra, ...(project.hasMonitoring ? [monitoring] : [])] : [root];
  },
};

const objectFile = (name: string, make: (scope: Construct) => void): OutputFile =>
  manifestFile(`argocd/${name}.yaml`, objectsOf(make));

const NO_SETTINGS =
  'is argocd, which needs spec.argocd in dozlab.yaml: dist/argocd must outlive the last cohort of this delivery, so that Argo CD removes it; accepted: argocd: {}, which uses all defaults';
const NO_REPOSITORY =
  'is missing, and spec.flux.source gives no Git URL; accepted: the https, http or ssh URL of the repository of this project';

const missing = (path: Path, message: string): DeliveryProblem => ({
  severity: 'error',
  code: 'missing-source',
  path,
  message,
});

const encrypted = (provider: string): DeliveryProblem => ({
  severity: 'error',
  code: 'conflict',
  path: ['spec', 'secrets', 'provider'],
  message: `is ${provider}, whose passwords only Flux decrypts, while the delivery is argocd; accepted: external-secrets, sealed-secrets or existing, or a delivery of Flux`,
});

interface Repository {
  readonly repoUrl: string;
  readonly targetRevision: string;
  /** Without `./`, with `/` at the end unless empty. */
  readonly folder: string;
}

function repositoryOf({ source: own }: ArgocdSettings, { source }: FluxSettings): Repository | undefined {
  const { url, revision, path } = own;
  const repoUrl = url ?? (source.kind === 'GitRepository' ? source.url : undefined);
  if (repoUrl === undefined) return undefined;
  const folder = `${path ?? source.path}/`.replace(/^\.\//, '');
  return { repoUrl, targetRevision: revision ?? source.branch, folder };
}

interface Place {
  readonly settings: ArgocdSettings;
  readonly repository: Repository;
}

function placeOf({ settings, flux }: Pick<DeliveredProject<ArgocdSettings>, 'settings' | 'flux'>): Place | undefined {
  const repository = settings === undefined ? undefined : repositoryOf(settings, flux);
  return settings === undefined || repository === undefined ? undefined : { settings, repository };
}

const IN_CLUSTER = { server: 'https://kubernetes.default.svc' };

const clusterOf = ({ destination: { server, name } }: ArgocdSettings) =>
  name !== undefined ? { name } : server !== undefined ? { server } : IN_CLUSTER;

/** It applies namespaces and roles: protect it like an administrator. */
function addRoot(scope: Construct, place: Place): void {
  const { settings } = place;
  const { name, namespace } = settings;
  addProject(scope, place, name, {
    description: 'Shared objects and the Applications of Dozlab',
    destinations: [
      { ...IN_CLUSTER, namespace },
      { ...clusterOf(settings), namespace: '*' },
    ],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  });
  addApplication(scope, place, {
    name,
    project: name,
    destination: { ...IN_CLUSTER, namespace },
    path: 'dist/argocd',
    directory: { recurse: true },
  });
}

function addInfra(scope: Construct, place: Place, cohorts: readonly Cohort[]): void {
  const { settings } = place;
  const namespaces = Array.from(new Set(cohorts.map(({ namespace }) => namespace))).sort();
  // The first pattern matches all of infra. The names change the Application, so that Argo CD compares it at once when a cohort is new.
  const include = [
    'infra/*',
    'nodes/*',
    'exec-backend/*',
    ...namespaces.map((name) => `infra/namespaces/${name}.yaml`),
  ];
  addApplication(scope, place, {
    name: `${settings.name}-infra`,
    project: settings.name,
    destination: { ...clusterOf(settings), namespace: settings.namespace },
    path: 'dist',
    allowEmpty: true,
    directory: { recurse: true, include: `{${include.join(',')}}`, exclude: '*/kustomization.yaml' },
  });
}

/** The cluster may not have the kind PodMonitor. */
function addMonitoring(scope: Construct, place: Place): void {
  const { settings } = place;
  addApplication(scope, place, {
    name: `${settings.name}-monitoring`,
    project: settings.name,
    destination: { ...clusterOf(settings), namespace: settings.namespace },
    path: 'dist/monitoring',
    allowEmpty: true,
  });
}

function addCohort(scope: Construct, place: Place, cohort: Cohort, cohorts: readonly Cohort[]): void {
  const { namespace } = cohort;
  const name = `lab-${cohort.name}`;
  const destination = { ...clusterOf(place.settings), namespace };
  addProject(scope, place, name, {
    description: `Sessions of the cohort ${cohort.name}`,
    destinations: [destination],
    namespaceResourceWhitelist: [...SESSION_KINDS, ...providerKinds()],
  });
  const isShared = cohorts.some((other) => other !== cohort && other.namespace === namespace);
  addApplication(scope, place, {
    name,
    project: name,
    destination,
    path: `dist/${argocd.folder(cohort)}`,
    allowEmpty: true,
    // After infra, and removed before its AppProject.
    annotations: { 'argocd.argoproj.io/sync-wave': '1' },
    // Elsewhere the namespace goes with the cohort, and a cohort that another delivery takes over keeps its sessions.
    finalizers: isShared || !isOwnNamespace(namespace) ? ['resources-finalizer.argocd.argoproj.io/background'] : [],
  });
}

/** Of `manifests/session-files.ts`, without Secrets. */
const SESSION_KINDS = [
  { group: '', kind: 'PersistentVolumeClaim' },
  { group: '', kind: 'Pod' },
  { group: '', kind: 'Service' },
  { group: 'apps', kind: 'Deployment' },
  { group: 'networking.k8s.io', kind: 'Ingress' },
  { group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
];

const emptyFolder = (folder: string): OutputFile => ({
  path: `${folder}/README.md`,
  content: `${HEADER}\nNothing is here yet. Argo CD applies this folder, and finds it only when there is a file in it.\n`,
});

function addProject(scope: Construct, { settings, repository }: Place, name: string, spec: AppProjectSpec): void {
  new AppProject(scope, 'project', {
    metadata: managedMetadata(settings.namespace, name),
    spec: { ...spec, sourceRepos: [repository.repoUrl] },
  });
}

interface ApplicationPart extends Pick<ApplicationSpecSource, 'directory'> {
  readonly name: string;
  readonly project: string;
  readonly destination: { readonly namespace: string; readonly server?: string; readonly name?: string };
  readonly path: string;
  /**
   * Delete all objects if the folder has none.
   * @default - false
   */
  readonly allowEmpty?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: string[];
}

function addApplication(scope: Construct, { settings: { namespace }, repository }: Place, part: ApplicationPart): void {
  const { name, project, destination, path, directory, allowEmpty, annotations, finalizers = [] } = part;
  const { repoUrl, targetRevision, folder } = repository;
  new Application(scope, 'application', {
    metadata: {
      name,
      namespace,
      labels: MANAGED_LABELS,
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
    spec: {
      project,
      source: { repoUrl, targetRevision, path: `${folder}${path}`, ...(directory === undefined ? {} : { directory }) },
      destination,
      syncPolicy: {
        automated: { prune: true, selfHeal: true, allowEmpty },
        // Like Flux, it owns only the fields of the manifests, and does not wait for pods that end.
        syncOptions: ['ServerSideApply=true', 'PrunePropagationPolicy=background'],
        // Argo CD takes a new commit only after the last retry.
        retry: { limit: 2 },
      },
    },
  });
}
