import { PRUNE_ANNOTATION } from '../core/consumers/metadata';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import { FluxInfraIdentity } from '../constructs/flux/flux-identity';
import {
  type FluxDependency,
  FluxKustomization,
  type FluxKustomizationProps,
} from '../constructs/flux/flux-kustomization';
import { FluxRole } from '../constructs/flux/flux-role';
import { FluxSource } from '../constructs/flux/flux-source';
import { MANAGED_LABELS } from '../constructs/namespace/labels';
import type { ArtifactSettings, FluxSettings } from '../api/settings/flux';
import type { OutputFile } from '@dozlab/charts';
import { fluxDecryption, providerPermissions } from '../secrets/providers';
import { HEADER, manifestFile, objectsOf } from './manifest-file';
import { isOwnNamespace, type Project } from '../model/project';
import { type ApplyUnit, type Cohort, fluxNameOf, unitName } from '../model/cohort';
import { kindsOfOtherUnits, kindsOfUnit } from './apply-units';
import type { Permission } from '../constructs/namespace/namespace-role';

export const INFRA = 'dozlab-infra';
const COHORTS = 'dozlab-cohorts';
const IDENTITIES = 'dozlab-identities';
const MONITORING = 'dozlab-monitoring';
const NODES = 'dozlab-nodes';
const EXEC_BACKEND = 'dozlab-exec-backend';

export interface FluxParts {
  readonly hasMonitoring: boolean;
  readonly hasNodes: boolean;
  readonly hasExecBackend: boolean;
}

/** Applied even when empty. */
const ALWAYS = ['infra', 'flux/cohorts', 'flux/identities'];

/** Git has no empty folders. Flux skips these files. */
export const placeholderFiles = (files: readonly OutputFile[]): OutputFile[] =>
  ALWAYS.filter((folder) => files.every(({ path }) => !path.startsWith(`${folder}/`))).map((folder) => ({
    path: `${folder}/README.md`,
    content: `${HEADER}\nNothing is here yet. Flux applies this folder, and finds it only when there is a file in it.\n`,
  }));

/**
 * Without kustomization.yaml, Flux also reads files that people add.
 * The first three Kustomizations exist without cohorts: Flux must not delete their service account first.
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
    // Infra creates the namespaces of the roles. A cohort's Kustomization needs its role until it is gone.
    file(
      'identities',
      kustomization(IDENTITIES, 'dist/flux/identities', { dependsOn: [{ name: INFRA }, { name: COHORTS }] }),
    ),
    file('cohorts', kustomization(COHORTS, 'dist/flux/cohorts')),
    // The cluster may not have the kind PodMonitor.
    ...(parts.hasMonitoring
      ? [file('monitoring', kustomization(MONITORING, 'dist/monitoring', { dependsOn: [{ name: INFRA }] }))]
      : []),
    ...(parts.hasNodes ? [file('nodes', kustomization(NODES, 'dist/nodes'))] : []),
    ...(parts.hasExecBackend ? [file('exec-backend', kustomization(EXEC_BACKEND, 'dist/exec-backend'))] : []),
  ];
}

/** Shared objects stay in Git: they need administrator rights, which no push to a registry may give. */
export function renderFluxKustomization(cohort: Cohort, flux: FluxSettings, folder: string): OutputFile {
  const { name, shard, applyUnits = [] } = cohort;
  const { artifacts, namespace } = flux;
  const account = fluxNameOf(cohort);
  const dependsOn: readonly FluxDependency[] = [
    // Waiting for Ready would delay each commit by Flux's retry (30 s), so only these objects must exist.
    { name: INFRA, readyExpr: hasApplied(`${cohort.namespace}_dozlab-viewer_${RBAC}_Role`) },
    { name: IDENTITIES, readyExpr: hasApplied(`${cohort.namespace}_${account}_${RBAC}_RoleBinding`) },
  ];
  const shared = {
    shard,
    ...(artifacts === undefined
      ? { path: `dist/${folder}` }
      : { path: './', source: { kind: ARTIFACT, name: account } }),
    serviceAccountName: account,
  };
  return manifestFile(
    `flux/cohorts/${name}.yaml`,
    objectsOf((scope) => {
      if (artifacts !== undefined) {
        const url = artifactUrl(artifacts, name);
        new FluxSource(scope, 'source', { ...artifacts, url, name: account, namespace, kind: ARTIFACT, shard });
      }
      addKustomization(scope, flux, {
        ...shared,
        name: account,
        dependsOn: [...dependsOn, ...applyUnits.map((unit) => handover(unit, cohort))],
        withoutKinds: applyUnits.flatMap((unit) => kindsOfUnit(unit, cohort)),
      });
      for (const unit of applyUnits)
        addKustomization(scope, flux, {
          ...shared,
          name: unitName(cohort, unit),
          dependsOn,
          withoutKinds: kindsOfOtherUnits(unit, cohort),
          ...(unit === 'passwords' ? decryption(cohort) : {}),
        });
    }),
  );
}

function decryption({ secrets }: Cohort): Pick<FluxKustomizationProps, 'decryptionSecret'> {
  const decryptionSecret = fluxDecryption(secrets);
  return decryptionSecret === undefined ? {} : { decryptionSecret };
}

/**
 * Earlier versions applied all objects together. The Kustomization of the sessions gives objects up only when the other
 * one has tried to take them: a deleted ExternalSecret would take its password with it. Otherwise it waits for nothing.
 */
const handover = (unit: ApplyUnit, cohort: Cohort): FluxDependency => {
  const kinds = kindsOfUnit(unit, cohort).join('|');
  const owns = `has(self.status.inventory) && self.status.inventory.entries.exists(e, e.id.matches('_(${kinds})$'))`;
  const hasFailed = `has(dep.status.conditions) && dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'False' && c.reason != 'DependencyNotReady')`;
  return { name: unitName(cohort, unit), readyExpr: `!(${owns}) || has(dep.status.inventory) || ${hasFailed}` };
};

const ARTIFACT = 'OCIRepository' as const;

export const artifactUrl = ({ url }: Pick<ArtifactSettings, 'url'>, cohort: string): string => `${url}/${cohort}`;

const RBAC = 'rbac.authorization.k8s.io';

/** `object` is Flux's name: namespace, name, group and kind. */
const hasApplied = (object: string): string =>
  `has(dep.status.inventory) && dep.status.inventory.entries.exists(e, e.id == '${object}')`;

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
    // If the namespace outlives the cohort, Flux needs these rights to delete the sessions.
    if (isShared || !isOwnNamespace(namespace)) keepWhenPruned(scope);
  });
  return manifestFile(`flux/identities/${cohort.name}.yaml`, objects);
}

function keepWhenPruned(scope: Construct): void {
  for (const node of scope.node.findAll())
    if (ApiObject.isApiObject(node)) node.metadata.addAnnotation(PRUNE_ANNOTATION, 'disabled');
}

type KustomizationPart = Pick<FluxKustomizationProps, 'name' | 'path' | 'serviceAccountName'> &
  Partial<FluxKustomizationProps>;

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
