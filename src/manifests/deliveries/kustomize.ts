import { releasePermissions } from '../../constructs/flux/flux-role';
import { READ } from '../../constructs/namespace/namespace-role';
import { renderFluxIdentity, renderFluxKustomization } from '../flux';
import type { Delivery } from './delivery';

export const kustomize: Delivery = {
  name: 'kustomize',
  summary: 'Flux applies the manifests of dist/sessions',
  usesHelm: false,
  isAllOrNothing: true,
  usesFlux: true,
  // The delivery helm may have left releases.
  permissions: releasePermissions([...READ, 'delete'], 'remove'),
  folder: ({ name }) => `sessions/${name}`,
  check: () => [],
  // Git has no empty folders, so Flux would not find it.
  isApplied: ({ name }, { inhabited }) => inhabited.has(name),
  cohortFiles: (cohort, project) => [
    renderFluxIdentity(cohort, project, { permissions: kustomize.permissions, accountsIn: [project.flux.namespace] }),
    ...(kustomize.isApplied(cohort, project)
      ? [renderFluxKustomization(cohort, project.flux, kustomize.folder(cohort))]
      : []),
  ],
};
