import { Construct } from 'constructs';
import { CONNECT } from './api-verbs';
import { NamespaceRole, type Permission } from './namespace-role';
import { VIEWER_PERMISSIONS } from './viewer-role';

export interface InstructorRoleProps {
  /** The namespace of the sessions. */
  readonly namespace: string;

  /** The groups that have the role. Without groups there is no RoleBinding. */
  readonly groups: readonly string[];

  /** Lets instructors read passwords, and with them every Secret of the namespace whose name they have. */
  readonly readPasswords: boolean;
}

/** An instructor sees what a viewer sees, uses sessions, and restarts, stops and starts them. */
export const INSTRUCTOR_PERMISSIONS: readonly Permission[] = [
  ...VIEWER_PERMISSIONS,
  {
    apiGroup: '',
    resources: ['pods/exec', 'pods/attach', 'pods/portforward'],
    verbs: CONNECT,
    purpose: 'run commands in a session, and reach VS Code and the terminal by kubectl port-forward',
  },
  { apiGroup: '', resources: ['pods'], verbs: ['delete'], purpose: 'restart a session by deleting its pod' },
  {
    apiGroup: 'apps',
    resources: ['deployments/scale'],
    verbs: ['get', 'patch', 'update'],
    purpose: 'stop and start a session by kubectl scale',
  },
];

/** Without `list`: a list of Secrets has their contents. */
export const PASSWORD_PERMISSION: Permission = {
  apiGroup: '',
  resources: ['secrets'],
  verbs: ['get'],
  purpose: 'read the password of a session',
};

/** The role `dozlab-instructor`, for people who teach. */
export class InstructorRole extends Construct {
  constructor(scope: Construct, id: string, { namespace, groups, readPasswords }: InstructorRoleProps) {
    super(scope, id);
    new NamespaceRole(this, 'role', {
      name: 'dozlab-instructor',
      namespace,
      permissions: [...INSTRUCTOR_PERMISSIONS, ...(readPasswords ? [PASSWORD_PERMISSION] : [])],
      groups,
    });
  }
}
