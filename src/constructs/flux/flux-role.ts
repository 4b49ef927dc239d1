import { Construct } from 'constructs';
import { READ, WRITE, NamespaceRole, type Permission, type ServiceAccountReference } from '../namespace/namespace-role';

export interface FluxRoleProps {
  readonly name: string;

  readonly namespace: string;

  /**
   * Permissions beside FLUX_PERMISSIONS.
   * @default - none
   */
  readonly permissions?: readonly Permission[];

  /** Flux impersonates `spec.serviceAccountName` of a Kustomization or a HelmRelease. */
  readonly serviceAccounts: readonly ServiceAccountReference[];
}

export const FLUX_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['pods', 'services', 'persistentvolumeclaims'],
    verbs: WRITE,
    purpose: 'apply and remove the objects of sessions, and run the pod of helm test',
  },
  {
    apiGroup: '',
    resources: ['secrets'],
    verbs: WRITE,
    purpose: 'apply the passwords of SOPS, and store the releases of Helm',
  },
  { apiGroup: 'apps', resources: ['deployments'], verbs: WRITE, purpose: 'apply and remove sessions' },
  {
    apiGroup: 'apps',
    resources: ['replicasets'],
    verbs: READ,
    purpose: 'see whether the pods of a session are ready: without it, Flux waits until its timeout',
  },
  {
    apiGroup: 'networking.k8s.io',
    resources: ['networkpolicies', 'ingresses'],
    verbs: WRITE,
    purpose: 'apply and remove the isolation and the routes of sessions',
  },
  {
    apiGroup: 'gateway.networking.k8s.io',
    resources: ['httproutes'],
    verbs: WRITE,
    purpose: 'apply and remove the routes of sessions by the Gateway API',
  },
];

export const releasePermissions = (verbs: readonly string[], what: string): Permission[] => [
  {
    apiGroup: 'helm.toolkit.fluxcd.io',
    resources: ['helmreleases'],
    verbs,
    purpose: `${what} sessions that are releases`,
  },
  {
    apiGroup: 'source.toolkit.fluxcd.io',
    resources: ['gitrepositories', 'helmcharts', 'ocirepositories'],
    verbs,
    purpose: `${what} the sources of the charts of such sessions`,
  },
];

/** The role with which Flux delivers sessions. */
export class FluxRole extends Construct {
  constructor(scope: Construct, id: string, { name, namespace, permissions = [], serviceAccounts }: FluxRoleProps) {
    super(scope, id);
    new NamespaceRole(this, 'role', {
      name,
      namespace,
      permissions: [...FLUX_PERMISSIONS, ...permissions],
      serviceAccounts,
    });
  }
}
