import { Construct } from 'constructs';
import { READ, WRITE } from '../namespace/api-verbs';
import { NamespaceRole, type Permission, type ServiceAccountReference } from '../namespace/namespace-role';

export interface FluxRoleProps {
  /** Name of the role: cohorts that share a namespace have one each. */
  readonly name: string;

  /** The namespace of the sessions. */
  readonly namespace: string;

  /** Permissions beside FLUX_PERMISSIONS: for the delivery, and for objects of providers of passwords. @default none */
  readonly permissions?: readonly Permission[];

  /** Whom Flux impersonates: `spec.serviceAccountName` of a Kustomization or a HelmRelease, in the namespace of that object. */
  readonly serviceAccounts: readonly ServiceAccountReference[];
}

/** What Flux needs to deliver the sessions of a cohort, as manifests or as releases, and nothing of the namespace itself. */
export const FLUX_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['pods', 'services', 'persistentvolumeclaims'],
    verbs: WRITE,
    purpose: 'apply and remove what a session is made of, and run the pod of helm test',
  },
  {
    apiGroup: '',
    resources: ['secrets'],
    verbs: WRITE,
    purpose: 'apply the passwords of SOPS, and keep what Helm knows of its releases',
  },
  { apiGroup: 'apps', resources: ['deployments'], verbs: WRITE, purpose: 'apply and remove sessions' },
  {
    apiGroup: 'apps',
    resources: ['replicasets'],
    verbs: READ,
    purpose: 'tell whether the pods of a session are ready, without which Flux waits in vain',
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

/** Rights on releases and on the sources of their charts. */
export const releasePermissions = (verbs: readonly string[], what: string): Permission[] => [
  {
    apiGroup: 'helm.toolkit.fluxcd.io',
    resources: ['helmreleases'],
    verbs,
    purpose: `${what} sessions that are delivered as releases`,
  },
  {
    apiGroup: 'source.toolkit.fluxcd.io',
    resources: ['gitrepositories', 'helmcharts', 'ocirepositories'],
    verbs,
    purpose: `${what} where the charts of such sessions come from`,
  },
];

/** The rights of whom Flux impersonates to deliver the sessions of a namespace. */
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
