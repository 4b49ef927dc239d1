import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

/** A text, or a list of texts, as a literal of CEL, which has the escapes of JSON (CEL, "Language Definition"). */
export const celLiteral = (value: string | readonly string[]): string => JSON.stringify(value);

/** A resource and the operations that a policy checks. */
export interface AdmittedResource {
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
}

export interface AdmissionPolicyProps {
  /** Name of the policy, unique in the cluster. */
  readonly name: string;

  /** The namespace that the policy checks. */
  readonly namespace: string;
  readonly resources: readonly AdmittedResource[];

  /**
   * CEL expressions that the validations share.
   * @default - none
   */
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly object[];
}

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** A ValidatingAdmissionPolicy and its binding to one namespace (v1 since Kubernetes 1.30). */
export class AdmissionPolicy extends Construct {
  constructor(scope: Construct, id: string, props: AdmissionPolicyProps) {
    super(scope, id);
    const { name, namespace, resources, variables, validations } = props;
    const metadata = { name, labels: MANAGED_LABELS };
    new ApiObject(this, 'policy', {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: resources.map(({ apiGroup, apiVersion, resource, operations }) => ({
            apiGroups: [apiGroup],
            apiVersions: [apiVersion],
            operations,
            resources: [resource],
          })),
        },
        ...(variables === undefined ? {} : { variables }),
        validations,
      },
    });
    new ApiObject(this, 'binding', {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        // The API server sets this label on each namespace, and rejects changes of it (Kubernetes, "Automatic labelling").
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
      },
    });
  }
}
