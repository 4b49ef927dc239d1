import { Construct } from 'constructs';
import { APPLY, READ } from './api-verbs';
import { NamespaceRole, type Permission, type ServiceAccountReference } from './namespace-role';

export interface SessionManagerRoleProps {
  /** The namespace of the sessions. */
  readonly namespace: string;
  readonly serviceAccount: ServiceAccountReference;
}

const FLOOR = ['create', 'delete', ...READ];

/** What a program needs that runs sessions by the Kubernetes API. */
export const SESSION_MANAGER_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['pods'],
    verbs: FLOOR,
    purpose: 'make, follow and end sessions of the workload kind Pod; restart a session by removing its pod',
  },
  { apiGroup: '', resources: ['pods/log'], verbs: ['get'], purpose: 'read what the containers of a session log' },
  {
    apiGroup: '',
    resources: ['services', 'secrets'],
    verbs: [...FLOOR, 'patch'],
    purpose: 'make and remove the Service and the password of a session; change its ports; rotate the password',
  },
  {
    apiGroup: '',
    resources: ['persistentvolumeclaims'],
    verbs: APPLY,
    purpose: 'make, grow and remove the claims of volumes with persistence',
  },
  {
    apiGroup: '',
    resources: ['events', 'resourcequotas'],
    verbs: READ,
    purpose: 'tell why a session does not start, and whether there is room for another',
  },
  {
    apiGroup: 'apps',
    resources: ['deployments'],
    verbs: APPLY,
    purpose: 'make, follow, change, suspend (spec.replicas) and end sessions',
  },
  {
    apiGroup: 'networking.k8s.io',
    resources: ['networkpolicies', 'ingresses'],
    verbs: APPLY,
    purpose: 'isolate a session, and make its routes',
  },
  {
    apiGroup: 'gateway.networking.k8s.io',
    resources: ['httproutes'],
    verbs: APPLY,
    purpose: 'make the routes of a session by the Gateway API',
  },
];

/** The rights of a program that runs the sessions of a namespace. */
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
