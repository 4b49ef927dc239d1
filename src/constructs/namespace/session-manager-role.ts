import { Construct } from 'constructs';
import { APPLY, READ, NamespaceRole, type Permission, type ServiceAccountReference } from './namespace-role';

export interface SessionManagerRoleProps {
  readonly namespace: string;
  readonly serviceAccount: ServiceAccountReference;
}

const CREATE_AND_DELETE = ['create', 'delete', ...READ];

export const SESSION_MANAGER_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['pods'],
    verbs: CREATE_AND_DELETE,
    purpose: 'create, watch and delete sessions of the workload kind Pod; restart a session by deleting its pod',
  },
  { apiGroup: '', resources: ['pods/log'], verbs: ['get'], purpose: 'read the logs of a session' },
  {
    apiGroup: '',
    resources: ['services', 'secrets'],
    verbs: [...CREATE_AND_DELETE, 'patch'],
    purpose: 'create and delete the Service and the password of a session; change its ports; rotate the password',
  },
  {
    apiGroup: '',
    resources: ['persistentvolumeclaims'],
    verbs: APPLY,
    purpose: 'create, grow and delete the claims of volumes with persistence',
  },
  {
    apiGroup: '',
    resources: ['events', 'resourcequotas'],
    verbs: READ,
    purpose: 'see why a session does not start, and whether the quota has room for another one',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments'],
    verbs: APPLY,
    purpose: 'create, watch, change, suspend (spec.replicas) and delete sessions',
  },
  {
    apiGroup: 'networking.k8s.io',
    resources: ['networkpolicies', 'ingresses'],
    verbs: APPLY,
    purpose: 'isolate a session, and create its routes',
  },
  {
    apiGroup: 'gateway.networking.k8s.io',
    resources: ['httproutes'],
    verbs: APPLY,
    purpose: 'create the routes of a session by the Gateway API',
  },
];

/** The role `dozlab-session-manager`, for a program that runs sessions. */
export class SessionManagerRole extends Construct {
  constructor(scope: Construct, id: string, { namespace, serviceAccount }: SessionManagerRoleProps) {
    super(scope, id);
    new NamespaceRole(this, 'role', {
      name: 'dozlab-session-manager',
      namespace,
      permissions: SESSION_MANAGER_PERMISSIONS,
      serviceAccounts: [serviceAccount],
    });
  }
}
