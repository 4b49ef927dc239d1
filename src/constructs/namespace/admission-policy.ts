import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

/** Resources of one API group, and what is done to them. */
export interface AdmittedResource {
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
}

export interface AdmissionPolicyProps {
  /** Name of the policy, which is of the whole cluster. */
  readonly name: string;

  /** The namespace that it is for. */
  readonly namespace: string;
  readonly resources: readonly AdmittedResource[];

  /** Expressions of the Common Expression Language by name, which the validations share. */
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly object[];
}

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** What a namespace admits (Kubernetes, "Validating Admission Policy"; v1 since 1.30): a policy, and its binding to that namespace. */
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
        // The API server gives each namespace this label, and nobody can change it (Kubernetes, "Automatic labelling").
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
      },
    });
  }
}
