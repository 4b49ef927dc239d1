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
import type { Permission } from '../constructs/namespace/namespace-role';
import type { Project } from '../model/project';
import { manifestFile } from './manifest-file';
import { objectsOf } from './objects';

/** Kustomizations of what cohorts share, and the folders that they apply. */
export const INFRA = 'dozlab-infra';
const COHORTS = 'dozlab-cohorts';
const IDENTITIES = 'dozlab-identities';
const NODES = 'dozlab-nodes';
const EXEC_BACKEND = 'dozlab-exec-backend';

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
 * The Kustomization of a cohort, `flux/cohorts/<cohort>.yaml`, and the OCIRepository that it reads where cohorts are published as artifacts.
 * What cohorts share stays in the repository of the project: it names the artifacts, and is applied with the rights of an administrator,
 * which nobody should get by pushing to a registry.
 * @param folder of the output, with the files that are applied
 */
export function renderFluxKustomization(cohort: Cohort, flux: FluxSettings, folder: string): OutputFile {
  const { name, secrets, shard } = cohort;
  const { artifacts, namespace } = flux;
  const decryptionSecret = fluxDecryption(secrets);
  const account = fluxNameOf(cohort);
  const part = {
    name: account,
    shard,
    ...(artifacts === undefined
      ? { path: `dist/${folder}` }
      : { path: './', source: { kind: ARTIFACT, name: account } }),
    serviceAccountName: account,
    dependsOn: [
      // Ready at the newest commit would hold up each commit until Flux looks again (30 s by default), so only these objects must exist.
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
}

const ARTIFACT = 'OCIRepository' as const;

/** Where the artifact of a cohort is. */
export const artifactUrl = ({ url }: Pick<ArtifactSettings, 'url'>, cohort: string): string => `${url}/${cohort}`;

const RBAC = 'rbac.authorization.k8s.io';

/** Whether a Kustomization has applied an object, by Flux's name of it: namespace, name, group and kind. */
const hasApplied = (object: string): string =>
  `has(dep.status.inventory) && dep.status.inventory.entries.exists(e, e.id == '${object}')`;

/** The service accounts that Flux uses for a cohort, with their role in its namespace: `flux/identities/<cohort>.yaml`. */
export function renderFluxIdentity(
  cohort: Cohort,
  { cohorts }: Pick<Project, 'cohorts'>,
  { permissions, accountsIn }: { readonly permissions: readonly Permission[]; readonly accountsIn: readonly string[] },
): OutputFile {
  const name = fluxNameOf(cohort);
  const { namespace } = cohort;
  const isShared = cohorts.some((other) => other !== cohort && other.namespace === namespace);
  const objects = objectsOf((scope) => {
    const serviceAccounts = accountsIn.map((place) => ({ name, namespace: place }));
    new FluxRole(scope, 'role', {
      ...{ name, namespace, serviceAccounts },
      permissions: [...providerPermissions(), ...permissions],
    });
    for (const place of accountsIn)
      new k8s.KubeServiceAccount(scope, `service-account-${place}`, {
        metadata: { name, namespace: place, labels: MANAGED_LABELS },
      });
    // Where the namespace outlives the cohort, Flux can remove the sessions only as long as it has these rights.
    if (isShared || !isOwnNamespace(namespace)) keepWhenPruned(scope);
  });
  return manifestFile(`flux/identities/${cohort.name}.yaml`, objects);
}

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
