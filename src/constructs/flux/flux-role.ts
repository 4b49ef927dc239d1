import { Construct } from 'constructs';
import { READ, WRITE } from '../namespace/api-verbs';
import { NamespaceRole, type Permission, type ServiceAccountReference } from '../namespace/namespace-role';

export interface FluxRoleProps {
  /** Name of the role. Each cohort of a namespace has its own. */
  readonly name: string;

  /** The namespace of the sessions. */
  readonly namespace: string;

  /**
   * Permissions beside FLUX_PERMISSIONS: for the delivery, and for objects of providers of passwords.
   * @default - none
   */
  readonly permissions?: readonly Permission[];

  /** The accounts that Flux impersonates: `spec.serviceAccountName` of a Kustomization or a HelmRelease, in the namespace of that object. */
  readonly serviceAccounts: readonly ServiceAccountReference[];
}

/** Flux delivers the sessions of a cohort with these, and changes nothing else in the namespace. */
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

/** Permissions for releases and for the sources of their charts. */
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

/** The role of the accounts that Flux impersonates to deliver sessions. */
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
