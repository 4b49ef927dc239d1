import { Group, type ISubject, k8s, Role, RoleBinding, type SubjectConfiguration } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { managedMetadata } from './labels';

/** Kubernetes, "Authorization", "Determine the request verb". */
export const READ = ['get', 'list', 'watch'];

export const APPLY = [...READ, 'create', 'patch', 'delete'];

export const WRITE = [...READ, 'create', 'update', 'patch', 'delete'];

/** WebSocket needs `get`, SPDY `create`. Since Kubernetes 1.35 a WebSocket needs both. */
export const CONNECT = ['get', 'create'];

export interface Permission {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];

  readonly purpose: string;
}

export interface ServiceAccountReference {
  readonly name: string;
  readonly namespace: string;
}

export interface NamespaceRoleProps {
  readonly name: string;
  readonly namespace: string;
  readonly permissions: readonly Permission[];

  /** @default - none */
  readonly serviceAccounts?: readonly ServiceAccountReference[];

  /** @default - none */
  readonly groups?: readonly string[];
}

/** Kubernetes, "Using RBAC Authorization". */
export class NamespaceRole extends Construct {
  constructor(scope: Construct, id: string, props: NamespaceRoleProps) {
    super(scope, id);
    const { name, namespace, permissions, serviceAccounts = [], groups = [] } = props;
    const metadata = managedMetadata(namespace, name);
    new k8s.KubeRole(this, 'role', {
      metadata,
      rules: permissions.map(({ apiGroup, resources, verbs }) => ({
        apiGroups: [apiGroup],
        resources: [...resources],
        verbs: [...verbs],
      })),
    });
    if (serviceAccounts.length + groups.length === 0) return;
    const binding = new RoleBinding(this, 'binding', { metadata, role: Role.fromRoleName(this, 'bound-role', name) });
    binding.addSubjects(
      ...serviceAccounts.map((account, index) => new AccountSubject(this, `account-${String(index)}`, account)),
      ...groups.map((group, index) => Group.fromName(this, `group-${String(index)}`, group)),
    );
  }
}

/** The subject of cdk8s-plus adds an empty `apiGroup`. */
export class AccountSubject extends Construct implements ISubject {
  constructor(
    scope: Construct,
    id: string,
    private readonly account: ServiceAccountReference,
  ) {
    super(scope, id);
  }

  toSubjectConfiguration(): SubjectConfiguration {
    return { kind: 'ServiceAccount', ...this.account };
  }
}
