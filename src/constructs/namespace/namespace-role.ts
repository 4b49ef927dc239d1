import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

/** Calls that a role permits, and whom or what for. */
export interface Permission {
  /** The API group; empty for the core. */
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];

  /** What the calls are for. */
  readonly purpose: string;
}

/** A service account, which may be in another namespace than the role. */
export interface ServiceAccountReference {
  readonly name: string;
  readonly namespace: string;
}

export interface NamespaceRoleProps {
  readonly name: string;
  readonly namespace: string;
  readonly permissions: readonly Permission[];
  readonly serviceAccounts?: readonly ServiceAccountReference[];
  readonly groups?: readonly string[];
}

/** A Role and, when somebody is to have it, a RoleBinding of the same name (Kubernetes, "Using RBAC Authorization"). */
export class NamespaceRole extends Construct {
  constructor(scope: Construct, id: string, props: NamespaceRoleProps) {
    super(scope, id);
    const { name, namespace, permissions, serviceAccounts = [], groups = [] } = props;
    const metadata = {
      name,
      namespace,
      labels: MANAGED_LABELS,
    };
    new k8s.KubeRole(this, 'role', {
      metadata,
      rules: permissions.map(({ apiGroup, resources, verbs }) => ({
        apiGroups: [apiGroup],
        resources: [...resources],
        verbs: [...verbs],
      })),
    });

    const subjects: k8s.Subject[] = [
      ...serviceAccounts.map((account) => ({ kind: 'ServiceAccount', ...account })),
      ...groups.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
    ];
    if (subjects.length > 0)
      new k8s.KubeRoleBinding(this, 'binding', { metadata, roleRef: { apiGroup: RBAC, kind: 'Role', name }, subjects });
  }
}

const RBAC = 'rbac.authorization.k8s.io';
