import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

export const celLiteral = (value: string | readonly string[]): string => JSON.stringify(value);

/** One value a line, with a comma behind each, so that Git merges two branches that each add one. */
export const celList = (values: readonly string[]): string =>
  values.length === 0 ? '[]' : `[\n${values.map((value) => `  ${celLiteral(value)},\n`).join('')}]`;

export interface AdmittedResource {
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
}

export interface AdmissionPolicyProps {
  readonly name: string;

  readonly namespace: string;
  readonly resources: readonly AdmittedResource[];

  /** @default - none */
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly object[];
}

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** The API server fills them in, and applies what they are in as a whole: without them, each apply is a change or a conflict. */
const DEFAULTS = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} };

/** Since Kubernetes 1.30. */
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
          ...DEFAULTS,
          resourceRules: resources.map(({ apiGroup, apiVersion, resource, operations }) => ({
            scope: '*',
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
        matchResources: {
          ...DEFAULTS,
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        },
      },
    });
  }
}
