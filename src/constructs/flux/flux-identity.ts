import { ClusterRole, ClusterRoleBinding, k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS, managedMetadata } from '../namespace/labels';
import { AccountSubject } from '../namespace/namespace-role';

export interface FluxIdentityProps {
  readonly name: string;
  readonly namespace: string;
}

/**
 * It may create roles with any rights: protect it like an administrator (Kubernetes, "Privilege escalation
 * prevention").
 */
export class FluxInfraIdentity extends Construct {
  constructor(scope: Construct, id: string, { name, namespace }: FluxIdentityProps) {
    super(scope, id);
    new k8s.KubeServiceAccount(this, 'service-account', { metadata: managedMetadata(namespace, name) });
    const roleName = `${name}-${namespace}`;
    const metadata = { name: roleName, labels: MANAGED_LABELS };
    new k8s.KubeClusterRole(this, 'role', {
      metadata,
      rules: RULES.map(([apiGroup, resources, more = []]) => ({
        apiGroups: [apiGroup],
        resources: [...resources],
        verbs: [...VERBS, ...more],
      })),
    });
    const role = ClusterRole.fromClusterRoleName(this, 'bound-role', roleName);
    new ClusterRoleBinding(this, 'role-binding', { metadata, role }).addSubjects(
      new AccountSubject(this, 'account', { name, namespace }),
    );
  }
}

const VERBS = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];

const RULES: readonly (readonly [apiGroup: string, resources: readonly string[], verbs?: readonly string[]])[] = [
  ['', ['namespaces', 'resourcequotas', 'limitranges', 'serviceaccounts', 'configmaps']],
  ['networking.k8s.io', ['networkpolicies']],
  // For roles with rights that the identity does not have itself.
  ['rbac.authorization.k8s.io', ['roles', 'rolebindings'], ['escalate', 'bind']],
  ['admissionregistration.k8s.io', ['validatingadmissionpolicies', 'validatingadmissionpolicybindings']],
  ['scheduling.k8s.io', ['priorityclasses']],
  ['apps', ['daemonsets']],
  ['monitoring.coreos.com', ['podmonitors']],
  ['kustomize.toolkit.fluxcd.io', ['kustomizations']],
  // Also without artifacts: Flux deletes those of earlier settings.
  ['source.toolkit.fluxcd.io', ['ocirepositories']],
];
