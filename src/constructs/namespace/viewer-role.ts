import { Construct } from 'constructs';
import { READ } from './api-verbs';
import { NamespaceRole, type Permission } from './namespace-role';

export interface ViewerRoleProps {
  /** The namespace of the sessions. */
  readonly namespace: string;

  /** The groups that have the role; nobody has it when there are none. */
  readonly groups: readonly string[];
}

/** What somebody may see who helps others with their sessions: everything but Secrets. */
export const VIEWER_PERMISSIONS: readonly Permission[] = [
  {
    apiGroup: '',
    resources: ['pods', 'services', 'persistentvolumeclaims'],
    verbs: READ,
    purpose: 'see what a session is made of',
  },
  { apiGroup: '', resources: ['pods/log'], verbs: ['get'], purpose: 'read what the containers of a session log' },
  {
    apiGroup: '',
    resources: ['events', 'resourcequotas', 'limitranges'],
    verbs: READ,
    purpose: 'see why a session does not start',
  },
  { apiGroup: 'apps', resources: ['deployments', 'replicasets'], verbs: READ, purpose: 'see how a session is run' },
  {
    apiGroup: 'networking.k8s.io',
    resources: ['networkpolicies', 'ingresses'],
    verbs: READ,
    purpose: 'see how a session is isolated and reached',
  },
  {
    apiGroup: 'gateway.networking.k8s.io',
    resources: ['httproutes'],
    verbs: READ,
    purpose: 'see how a session is reached by the Gateway API',
  },
  {
    apiGroup: 'helm.toolkit.fluxcd.io',
    resources: ['helmreleases'],
    verbs: READ,
    purpose: 'see whether Flux has delivered a session',
  },
];

/** The rights of people who look on. */
export class ViewerRole extends Construct {
  constructor(scope: Construct, id: string, { namespace, groups }: ViewerRoleProps) {
    super(scope, id);
    new NamespaceRole(this, 'role', { name: 'dozlab-viewer', namespace, permissions: VIEWER_PERMISSIONS, groups });
  }
}
