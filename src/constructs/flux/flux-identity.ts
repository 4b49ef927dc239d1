import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from '../namespace/labels';

export interface FluxIdentityProps {
  readonly name: string;
  readonly namespace: string;
}

/**
 * The service account as which Flux applies what is shared: namespaces and what stands in them. It may do what that takes, and no more;
 * but whoever makes roles can make any, so it is to be guarded like an administrator (Kubernetes, "Privilege escalation prevention").
 */
export class FluxInfraIdentity extends Construct {
  constructor(scope: Construct, id: string, { name, namespace }: FluxIdentityProps) {
    super(scope, id);
    new k8s.KubeServiceAccount(this, 'service-account', { metadata: { name, namespace, labels: MANAGED_LABELS } });
    const roleName = `${name}-${namespace}`;
    new k8s.KubeClusterRole(this, 'role', {
      metadata: { name: roleName, labels: MANAGED_LABELS },
      rules: RULES.map(([apiGroup, resources, more = []]) => ({
        apiGroups: [apiGroup],
        resources: [...resources],
        verbs: [...VERBS, ...more],
      })),
    });
    new k8s.KubeClusterRoleBinding(this, 'role-binding', {
      metadata: { name: roleName, labels: MANAGED_LABELS },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
  }
}

const VERBS = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];

const RULES: readonly (readonly [apiGroup: string, resources: readonly string[], verbs?: readonly string[]])[] = [
  ['', ['namespaces', 'resourcequotas', 'limitranges', 'serviceaccounts', 'configmaps']],
  ['networking.k8s.io', ['networkpolicies']],
  // Roles with rights that the identity does not have itself.
  ['rbac.authorization.k8s.io', ['roles', 'rolebindings'], ['escalate', 'bind']],
  ['admissionregistration.k8s.io', ['validatingadmissionpolicies', 'validatingadmissionpolicybindings']],
  ['scheduling.k8s.io', ['priorityclasses']],
  ['apps', ['daemonsets']],
  ['monitoring.coreos.com', ['podmonitors']],
  ['kustomize.toolkit.fluxcd.io', ['kustomizations']],
  // Also where there are no artifacts: those that were must go.
  ['source.toolkit.fluxcd.io', ['ocirepositories']],
];
