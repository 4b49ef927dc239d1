import { Construct } from 'constructs';
import { CONNECT, NamespaceRole, type Permission } from './namespace-role';
import { VIEWER_PERMISSIONS } from './viewer-role';

export interface InstructorRoleProps {
  readonly namespace: string;

  readonly groups: readonly string[];

  /** Also allows every other Secret of the namespace, by name. */
  readonly readPasswords: boolean;
}

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

/** The role `dozlab-instructor`. */
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
