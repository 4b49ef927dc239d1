import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './managed';
import { policyRules } from './pod-policy-rules';
import { policyVariables } from './pod-policy-variables';

export interface PodPolicyProps {
  /** Name of the policy, which is of the whole cluster, such as `lab-classroom`. */
  readonly name: string;

  /** The namespace that it is for. */
  readonly namespace: string;

  /**
   * The images that its pods may have: references as pods have them, or prefixes, which end in `*`. Of 200 images each may have 480
   * characters: the API server takes expressions of at most 100,000.
   */
  readonly images: readonly string[];

  /** The images that only ACME solvers may have beside these. @default those of cert-manager */
  readonly solverImages?: readonly string[];
}

const SOLVER_IMAGES = ['quay.io/jetstack/cert-manager-acmesolver:*'];

const API_VERSION = 'admissionregistration.k8s.io/v1';

/**
 * Keeps other pods and other images out of a namespace for sessions (Kubernetes, "Validating Admission Policy"; v1 since 1.30).
 * It is about pods, not about what makes them: a Deployment with a wrong image is taken, and its status says why it has no pod.
 * Nothing that a running pod needs is refused: of an update only new images and containers are looked at.
 */
export class PodPolicy extends Construct {
  constructor(scope: Construct, id: string, props: PodPolicyProps) {
    super(scope, id);
    const { name, namespace, images, solverImages = SOLVER_IMAGES } = props;
    const metadata = {
      name,
      labels: MANAGED_LABELS,
    };
    const rule = (resource: string, ...operations: string[]) => ({
      apiGroups: [''],
      apiVersions: ['v1'],
      operations,
      resources: [resource],
    });
    new ApiObject(this, 'policy', {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [rule('pods', 'CREATE', 'UPDATE'), rule('pods/ephemeralcontainers', 'UPDATE')],
        },
        variables: policyVariables({ images, solverImages }),
        validations: policyRules(namespace),
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
