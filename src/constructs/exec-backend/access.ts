import { Construct } from 'constructs';
import { BoundRole } from './bound-role';
import { CONTROLLER_RULES } from './controller-rules';
import { ExecBackendServiceAccount } from './service-account';

export interface ExecBackendAccessProps {
  readonly namespace: string;

  readonly serviceAccountName: string;

  /** Secrets that pods of the service account pull images with. */
  readonly imagePullSecrets: readonly { readonly name: string }[];

  /** `full` or `minimum`, as `CONTROLLER_RULES` has them. */
  readonly permissions: keyof typeof CONTROLLER_RULES;
}

/**
 * The service account of the server with its roles. Beside `execbox-controller` it has `execbox-namespace`: when the server starts it looks
 * whether its namespace exists. A Role can allow just that, as the API server takes a namespace to be inside itself.
 */
export class ExecBackendAccess extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { namespace, serviceAccountName, imagePullSecrets, permissions }: ExecBackendAccessProps,
  ) {
    super(scope, id);
    new ExecBackendServiceAccount(this, 'service-account', { namespace, name: serviceAccountName, imagePullSecrets });
    new BoundRole(this, 'controller', {
      namespace,
      name: 'execbox-controller',
      serviceAccountName,
      rules: CONTROLLER_RULES[permissions],
    });
    new BoundRole(this, 'own-namespace', {
      namespace,
      name: 'execbox-namespace',
      serviceAccountName,
      rules: [{ apiGroups: [''], resources: ['namespaces'], resourceNames: [namespace], verbs: ['get'] }],
    });
  }
}
