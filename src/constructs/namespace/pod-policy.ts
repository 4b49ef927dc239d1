import { Construct } from 'constructs';
import { AdmissionPolicy } from './admission-policy';
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

/**
 * Keeps other pods and other images out of a namespace for sessions (Kubernetes, "Validating Admission Policy"; v1 since 1.30).
 * It is about pods, not about what makes them: a Deployment with a wrong image is taken, and its status says why it has no pod.
 * Nothing that a running pod needs is refused: of an update only new images and containers are looked at.
 */
export class PodPolicy extends Construct {
  constructor(scope: Construct, id: string, props: PodPolicyProps) {
    super(scope, id);
    const { name, namespace, images, solverImages = SOLVER_IMAGES } = props;
    new AdmissionPolicy(this, 'policy', {
      name,
      namespace,
      resources: [
        { apiGroup: '', apiVersion: 'v1', resource: 'pods', operations: ['CREATE', 'UPDATE'] },
        { apiGroup: '', apiVersion: 'v1', resource: 'pods/ephemeralcontainers', operations: ['UPDATE'] },
      ],
      variables: policyVariables({ images, solverImages }),
      validations: policyRules(namespace),
    });
  }
}
