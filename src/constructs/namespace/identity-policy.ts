import { Construct } from 'constructs';
import { AdmissionPolicy, celList, celLiteral } from './admission-policy';

export interface IdentityPolicyProps {
  readonly namespace: string;

  readonly releaseAccounts: readonly string[];
}

/**
 * A Secret could become an account's token (Kubernetes, "ServiceAccount token Secrets"), and a release could use Flux's
 * account (Flux, "Multi-tenancy lockdown").
 */
export class IdentityPolicy extends Construct {
  constructor(scope: Construct, id: string, { namespace, releaseAccounts }: IdentityPolicyProps) {
    super(scope, id);
    new AdmissionPolicy(this, 'secrets', {
      // A dot, because the policy of the pods has the name of its namespace, and lab-x-secrets may be one.
      name: `${namespace}.secrets`,
      namespace,
      resources: [{ apiGroup: '', apiVersion: 'v1', resource: 'secrets', operations: ['CREATE'] }],
      validations: [
        refusal(
          'object.type != "kubernetes.io/service-account-token"',
          `the namespace ${namespace} takes no Secret that becomes the token of a service account`,
        ),
      ],
    });
    const ownAccount = `a HelmRelease of the namespace ${namespace} acts as the service account of its cohort`;
    const accounts = celList(releaseAccounts);
    new AdmissionPolicy(this, 'releases', {
      name: `${namespace}.releases`,
      namespace,
      resources: [
        {
          apiGroup: 'helm.toolkit.fluxcd.io',
          apiVersion: '*',
          resource: 'helmreleases',
          operations: ['CREATE', 'UPDATE'],
        },
      ],
      variables: [
        // Deletion of a release updates its metadata only.
        { name: 'isSame', expression: 'request.operation == "UPDATE" && object.spec == oldObject.spec' },
      ],
      validations: [
        {
          ...refusal(
            `variables.isSame || has(object.spec.serviceAccountName) && object.spec.serviceAccountName in ${accounts}`,
            releaseAccounts.length === 0 ? `${ownAccount}: none is accepted as spec.serviceAccountName` : ownAccount,
          ),
          ...(releaseAccounts.length === 0
            ? {}
            : {
                messageExpression: `${celLiteral(`${ownAccount}: `)} + ${accounts}.join(" or ") + " is accepted as spec.serviceAccountName"`,
              }),
        },
        refusal(
          `variables.isSame || !has(object.spec.kubeConfig) && ${['targetNamespace', 'storageNamespace'].map((field) => `(!has(object.spec.${field}) || object.spec.${field} == ${celLiteral(namespace)})`).join(' && ')}`,
          `a HelmRelease of the namespace ${namespace} stays in it: no kubeConfig, targetNamespace or storageNamespace of another place`,
        ),
      ],
    });
  }
}

const refusal = (expression: string, message: string) => ({ expression, reason: 'Forbidden', message });
