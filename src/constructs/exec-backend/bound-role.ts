import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectMetadata } from './object-metadata';

export interface BoundRoleProps {
  readonly namespace: string;

  /** Name of the Role, and of its RoleBinding. */
  readonly name: string;

  /** The service account of the same namespace that has the role. */
  readonly serviceAccountName: string;

  readonly rules: readonly k8s.PolicyRule[];
}

/** A Role with the RoleBinding that gives it to a service account (Kubernetes, "Using RBAC Authorization"). */
export class BoundRole extends Construct {
  constructor(scope: Construct, id: string, { namespace, name, serviceAccountName, rules }: BoundRoleProps) {
    super(scope, id);
    new k8s.KubeRole(this, 'role', { metadata: objectMetadata(namespace, name), rules: [...rules] });
    new k8s.KubeRoleBinding(this, 'role-binding', {
      metadata: objectMetadata(namespace, name),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: serviceAccountName, namespace }],
    });
  }
}
