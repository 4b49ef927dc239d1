import { Construct } from 'constructs';
import { READ, NamespaceRole, type Permission } from './namespace-role';

export interface ViewerRoleProps {
  readonly namespace: string;

  readonly groups: readonly string[];
}

/** All objects of sessions except Secrets. */
export const VIEWER_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['pods', 'services', 'persistentvolumeclaims'],
    verbs: READ,
    purpose: 'see the objects of a session',
  },
  { apiGroup: '', resources: ['pods/log'], verbs: ['get'], purpose: 'read the logs of a session' },
  {
    apiGroup: '',
    resources: ['events', 'resourcequotas', 'limitranges'],
    verbs: READ,
    purpose: 'see why a session does not start',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments', 'replicasets'],
    verbs: READ,
    purpose: 'see the workload of a session',
  },
  {
    apiGroup: 'networking.k8s.io',
    resources: ['networkpolicies', 'ingresses'],
    verbs: READ,
    purpose: 'see the isolation and the routes of a session',
  },
  {
    apiGroup: 'gateway.networking.k8s.io',
    resources: ['httproutes'],
    verbs: READ,
    purpose: 'see the routes of a session by the Gateway API',
  },
  {
    apiGroup: 'helm.toolkit.fluxcd.io',
    resources: ['helmreleases'],
    verbs: READ,
    purpose: 'see whether Flux has delivered a session',
  },
];

/** The role `dozlab-viewer`. */
export class ViewerRole extends Construct {
  constructor(scope: Construct, id: string, { namespace, groups }: ViewerRoleProps) {
    super(scope, id);
    new NamespaceRole(this, 'role', { name: 'dozlab-viewer', namespace, permissions: VIEWER_PERMISSIONS, groups });
  }
}
