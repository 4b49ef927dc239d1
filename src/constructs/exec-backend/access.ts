import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s, Role, RoleBinding, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { CONNECT, AccountSubject } from '../namespace/namespace-role';
import { managedMetadata } from '../namespace/labels';

export interface ExecBackendAccessProps {
  readonly namespace: string;

  readonly serviceAccountName: string;

  readonly imagePullSecrets: readonly { readonly name: string }[];

  readonly permissions: keyof typeof CONTROLLER_RULES;
}

/**
 * Build pods run any Dockerfile with this account. A pod gets a token only with `automountServiceAccountToken: true`
 * (Kubernetes, "Configure Service Accounts for Pods").
 */
export class ExecBackendAccess extends Construct {
  constructor(scope: Construct, id: string, props: ExecBackendAccessProps) {
    super(scope, id);
    const { namespace, serviceAccountName, imagePullSecrets, permissions } = props;
    const account = new ServiceAccount(this, 'service-account', {
      metadata: managedMetadata(namespace, serviceAccountName),
      automountToken: false,
    });
    if (imagePullSecrets.length > 0)
      ApiObject.of(account).addJsonPatch(JsonPatch.add('/imagePullSecrets', imagePullSecrets));
    const role = (name: string, rules: readonly k8s.PolicyRule[]): void => {
      const metadata = managedMetadata(namespace, name);
      new k8s.KubeRole(this, name, { metadata, rules: [...rules] });
      const bound = Role.fromRoleName(this, `bound-${name}`, name);
      new RoleBinding(this, `${name}-binding`, { metadata, role: bound }).addSubjects(
        new AccountSubject(this, `account-of-${name}`, { name: serviceAccountName, namespace }),
      );
    };
    role('execbox-controller', CONTROLLER_RULES[permissions]);
    role('execbox-namespace', [
      { apiGroups: [''], resources: ['namespaces'], resourceNames: [namespace], verbs: ['get'] },
    ]);
  }
}

const core = (resources: string[], verbs: string[]): k8s.PolicyRule => ({ apiGroups: [''], resources, verbs });

const CONFIG_MAPS = core(['configmaps'], ['get', 'list', 'create', 'delete', 'deletecollection']);

const CONTROLLER_RULES: Readonly<Record<'full' | 'minimum', readonly k8s.PolicyRule[]>> = {
  full: [
    core(['pods'], ['get', 'list', 'watch', 'create', 'delete', 'deletecollection']),
    core(['pods/exec'], CONNECT),
    core(['pods/log'], ['get']),
    core(['pods/attach'], CONNECT),
    core(['pods/portforward'], CONNECT),
    CONFIG_MAPS,
    core(['services'], ['get', 'list', 'create', 'delete']),
    core(['persistentvolumeclaims'], ['get', 'list', 'create', 'delete']),
  ],
  minimum: [
    core(['pods', 'pods/exec', 'pods/log', 'pods/attach'], ['get', 'list', 'watch', 'create', 'delete']),
    CONFIG_MAPS,
  ],
};
