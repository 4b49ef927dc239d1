import { Construct } from 'constructs';
import { CONNECT } from './api-verbs';
import { NamespaceRole, type Permission } from './namespace-role';
import { VIEWER_PERMISSIONS } from './viewer-role';

export interface InstructorRoleProps {
  /** The namespace of the sessions. */
  readonly namespace: string;

  /** The groups that have the role; nobody has it when there are none. */
  readonly groups: readonly string[];

  /** Whether instructors may read the passwords, and with them every other Secret of the namespace whose name they know. */
  readonly readPasswords: boolean;
}

/** What an instructor may do: all that a viewer may, be in the sessions, and restart, stop and start them. */
export const INSTRUCTOR_PERMISSIONS: readonly Permission[] = [
  ...VIEWER_PERMISSIONS,
  {
    apiGroup: '',
    resources: ['pods/exec', 'pods/attach', 'pods/portforward'],
    verbs: CONNECT,
    purpose: 'run commands in a session, and reach VS Code and the terminal by kubectl port-forward',
  },
  { apiGroup: '', resources: ['pods'], verbs: ['delete'], purpose: 'restart a session by removing its pod' },
  {
    apiGroup: 'apps',
    resources: ['deployments/scale'],
    verbs: ['get', 'patch', 'update'],
    purpose: 'stop and start a session by kubectl scale',
  },
];

/** Not listed: a list of Secrets shows what is in them. */
export const PASSWORD_PERMISSION: Permission = {
  apiGroup: '',
  resources: ['secrets'],
  verbs: ['get'],
  purpose: 'read the password of a session',
};

/** The rights of people who teach. */
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
