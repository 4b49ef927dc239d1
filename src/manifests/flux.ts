import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import { FluxInfraIdentity } from '../constructs/flux/flux-identity';
import { FluxKustomization, type FluxKustomizationProps } from '../constructs/flux/flux-kustomization';
import { FluxRole } from '../constructs/flux/flux-role';
import { FluxSource } from '../constructs/flux/flux-source';
import { MANAGED_LABELS } from '../constructs/namespace/labels';
import type { ArtifactSettings, FluxSettings } from '../api/settings/flux';
import type { OutputFile } from '@dozlab/charts';
import { fluxDecryption, providerPermissions } from '../secrets/providers';
import { HEADER } from './header';
import { isOwnNamespace } from '../model/namespace';
import { type Cohort, fluxNameOf } from '../model/cohort';
import { manifestFile } from './manifest-file';
import { objectsOf } from './objects';

/** Kustomizations of what cohorts share, and the folders that they apply. */
export const INFRA = 'dozlab-infra';
const COHORTS = 'dozlab-cohorts';
const IDENTITIES = 'dozlab-identities';
const NODES = 'dozlab-nodes';
const EXEC_BACKEND = 'dozlab-exec-backend';

/** The folder of the output that Flux applies for a cohort. */
export const cohortFolder = ({ name, delivery }: Pick<Cohort, 'name' | 'delivery'>): string =>
  `${delivery === 'helm' ? 'releases' : 'sessions'}/${name}`;

/** What there is to be applied beside the cohorts' sessions. */
export interface FluxParts {
  readonly hasNodes: boolean;
  readonly hasExecBackend: boolean;
}

/** Folders that Flux applies even when nothing is in them. */
const ALWAYS = ['infra', 'flux/cohorts', 'flux/identities'];

/** What keeps such folders in Git while nothing else is in them: Flux reads only YAML. */
export const keptFolders = (files: readonly OutputFile[]): OutputFile[] =>
  ALWAYS.filter((folder) => files.every(({ path }) => !path.startsWith(`${folder}/`))).map((folder) => ({
    path: `${folder}/README.md`,
    content: `${HEADER}\nNothing is here yet. Flux applies this folder, and finds it only when there is a file in it.\n`,
  }));

/**
 * What Flux reads first, in `fluxcd/`: the source, and one Kustomization for each of infra, identities, cohorts, nodes and the exec
 * backend. There is no kustomization.yaml in it, so that Flux takes in what `flux bootstrap` and people add beside these files.
 * The first three are there even without cohorts: if they went with the last one, so would their service account, before they have removed
 * what they made.
 */
export function renderFluxRoot(flux: FluxSettings, parts: FluxParts): OutputFile[] {
  const { source } = flux;
  const { url } = source;
  const file = (name: string, make: (scope: Construct) => void): OutputFile =>
    manifestFile(`${name}.yaml`, objectsOf(make));
  const kustomization =
    (name: string, path: string, more: Partial<FluxKustomizationProps> = {}) =>
    (scope: Construct) => {
      addKustomization(scope, flux, { name, path, serviceAccountName: INFRA, ...more });
    };
  return [
    ...(url === undefined
      ? []
      : [file('source', (scope) => new FluxSource(scope, 'source', { ...source, url, namespace: flux.namespace }))]),
    file('infra', (scope) => {
      new FluxInfraIdentity(scope, 'identity', { name: INFRA, namespace: flux.namespace });
      kustomization(INFRA, 'dist/infra', { wait: true })(scope);
    }),
    // Roles are in namespaces that infra makes. What a cohort's Kustomization runs as goes after it, not before.
    file(
      'identities',
      kustomization(IDENTITIES, 'dist/flux/identities', { dependsOn: [{ name: INFRA }, { name: COHORTS }] }),
    ),
    file('cohorts', kustomization(COHORTS, 'dist/flux/cohorts')),
    ...(parts.hasNodes ? [file('nodes', kustomization(NODES, 'dist/nodes'))] : []),
    ...(parts.hasExecBackend ? [file('exec-backend', kustomization(EXEC_BACKEND, 'dist/exec-backend'))] : []),
  ];
}

/**
 * One file for each cohort, in `dist/`: `flux/cohorts/<cohort>.yaml`, its Kustomization, and the OCIRepository that it reads where cohorts are
 * published as artifacts. What they share stays with the repository that Flux was set up with: it says where the artifacts are, and is
 * applied by somebody as good as an administrator, which whoever may push to a registry is not.
 */
export const renderCohorts = (flux: FluxSettings, cohorts: readonly Cohort[]): OutputFile[] =>
  cohorts.map((cohort) => {
    const { name, secrets, shard } = cohort;
    const decryptionSecret = fluxDecryption(secrets);
    const { artifacts, namespace } = flux;
    const account = fluxNameOf(cohort);
    const part = {
      name: account,
      shard,
      ...(artifacts === undefined
        ? { path: `dist/${cohortFolder(cohort)}` }
        : { path: './', source: { kind: ARTIFACT, name: account } }),
      serviceAccountName: account,
      dependsOn: [
        // Not that both are as the newest commit has them, which would hold up each commit for as long as Flux waits between two looks
        // (30 s by default): only that the namespace has what the cohort needs.
        { name: INFRA, readyExpr: hasApplied(`${cohort.namespace}_dozlab-viewer_${RBAC}_Role`) },
        { name: IDENTITIES, readyExpr: hasApplied(`${cohort.namespace}_${account}_${RBAC}_RoleBinding`) },
      ],
      ...(decryptionSecret === undefined ? {} : { decryptionSecret }),
    };
    return manifestFile(
      `flux/cohorts/${name}.yaml`,
      objectsOf((scope) => {
        if (artifacts !== undefined) {
          const url = artifactUrl(artifacts, name);
          new FluxSource(scope, 'source', { ...artifacts, url, name: account, namespace, kind: ARTIFACT, shard });
        }
        addKustomization(scope, flux, part);
      }),
    );
  });

const ARTIFACT = 'OCIRepository' as const;

/** Where the artifact of a cohort is. */
export const artifactUrl = ({ url }: Pick<ArtifactSettings, 'url'>, cohort: string): string => `${url}/${cohort}`;

const RBAC = 'rbac.authorization.k8s.io';

/** Whether a Kustomization has applied an object, by Flux's name of it: namespace, name, group and kind. */
const hasApplied = (object: string): string =>
  `has(dep.status.inventory) && dep.status.inventory.entries.exists(e, e.id == '${object}')`;

/** One file for each cohort, in `dist/`: `flux/identities/<cohort>.yaml`, what Flux acts as for it, in its namespace alone. */
export const renderIdentities = (flux: FluxSettings, cohorts: readonly Cohort[]): OutputFile[] =>
  cohorts.map((cohort) => {
    const name = fluxNameOf(cohort);
    const { namespace } = cohort;
    const isShared = cohorts.some((other) => other !== cohort && other.namespace === namespace);
    // Helm's identity must be in the namespace of the releases, that of Kustomizations in theirs.
    const accounts = cohort.delivery === 'helm' ? [flux.namespace, namespace] : [flux.namespace];
    const objects = objectsOf((scope) => {
      const serviceAccounts = accounts.map((place) => ({ name, namespace: place }));
      new FluxRole(scope, 'role', {
        ...{ name, namespace, delivery: cohort.delivery, serviceAccounts },
        permissions: providerPermissions(),
      });
      for (const place of accounts)
        new k8s.KubeServiceAccount(scope, `service-account-${place}`, {
          metadata: { name, namespace: place, labels: MANAGED_LABELS },
        });
      // Where the namespace does not go with the cohort, sessions go only as long as Flux may remove them.
      if (isShared || !isOwnNamespace(namespace)) keepWhenPruned(scope);
    });
    return manifestFile(`flux/identities/${cohort.name}.yaml`, objects);
  });

/** Has Flux leave objects when they are no longer in Git (Flux, "Kustomization", prune). */
function keepWhenPruned(scope: Construct): void {
  for (const node of scope.node.findAll())
    if (ApiObject.isApiObject(node)) node.metadata.addAnnotation('kustomize.toolkit.fluxcd.io/prune', 'disabled');
}

type KustomizationPart = Pick<FluxKustomizationProps, 'name' | 'path' | 'serviceAccountName'> &
  Partial<FluxKustomizationProps>;

/** A Kustomization by the settings of a project; its path is within the project, unless it has a source of its own. */
function addKustomization(scope: Construct, flux: FluxSettings, part: KustomizationPart): void {
  const { namespace, source, interval, retryInterval, timeout } = flux;
  new FluxKustomization(scope, part.name, {
    ...part,
    path: part.source === undefined ? `${source.path}/${part.path}` : part.path,
    namespace,
    source: part.source ?? source,
    times: { interval, retryInterval, timeout },
  });
}
