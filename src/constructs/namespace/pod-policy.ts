import { Construct } from 'constructs';
import { MICROVM_CAPABILITIES } from '../../api/values/capabilities';
import { AdmissionPolicy, celLiteral } from './admission-policy';
import { describedKinds, KIND_LABELS, POD_KINDS, policyVariables, SESSION_POD } from './pod-policy-variables';

export interface PodPolicyProps {
  readonly name: string;

  readonly namespace: string;

  /**
   * References, or prefixes that end in `*`. The API server limits expressions to 100,000 characters: 200 images of
   * 480.
   */
  readonly images: readonly string[];

  /**
   * Images for ACME solvers only.
   * @default - the solver of cert-manager, any tag
   */
  readonly solverImages?: readonly string[];

  /**
   * The most that the container of the microVM may add.
   * @default - NET_ADMIN, SYS_ADMIN and SYS_RESOURCE
   */
  readonly capabilities?: readonly string[];
}

export const SOLVER_IMAGES = ['quay.io/jetstack/cert-manager-acmesolver:*'];

/**
 * Rejects other pods and images (Kubernetes, "Validating Admission Policy"). Updates of a running pod pass unless an
 * image or container is new.
 */
export class PodPolicy extends Construct {
  constructor(scope: Construct, id: string, props: PodPolicyProps) {
    super(scope, id);
    const { name, namespace, images, solverImages = SOLVER_IMAGES, capabilities } = props;
    new AdmissionPolicy(this, 'policy', {
      name,
      namespace,
      resources: [
        { apiGroup: '', apiVersion: 'v1', resource: 'pods', operations: ['CREATE', 'UPDATE'] },
        { apiGroup: '', apiVersion: 'v1', resource: 'pods/ephemeralcontainers', operations: ['UPDATE'] },
      ],
      variables: policyVariables({ images, solverImages }),
      validations: policyRules(namespace, capabilities),
    });
  }
}

/** After status 422, the default, forced updates of Flux, Helm and kubectl delete the object and create it again. */
interface PolicyRule {
  readonly expression: string;
  readonly reason: 'Forbidden';

  readonly message: string;
  readonly messageExpression?: string;
}

/** Volumes of Pod Security `restricted`: none gives access to the node. */
export const VOLUME_KINDS = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
];

export const MICROVM = 'firecracker-vm';

const onCreation = (isSo: string, message: string): PolicyRule => ({
  expression: `request.operation != "CREATE" || ${isSo}`,
  reason: 'Forbidden',
  message,
});

const forNone = (items: string, isAgainst: string, message: string, shown = 'c.name'): PolicyRule => ({
  expression: `!${items}.exists(c, ${isAgainst})`,
  reason: 'Forbidden',
  message,
  messageExpression: `${celLiteral(`${message}: `)} + ${items}.filter(c, ${isAgainst}).map(c, ${shown}).join(", ")`,
});

export const policyRules = (
  namespace: string,
  capabilities: readonly string[] = MICROVM_CAPABILITIES,
): PolicyRule[] => [
  onCreation(
    `(${POD_KINDS.map(({ variable }) => `variables.${variable}`).join(' || ')})`,
    `the namespace ${namespace} takes only these pods, told by their labels: ${describedKinds()}`,
  ),
  {
    expression: `request.operation == "CREATE" || ${celLiteral(KIND_LABELS)}.all(key, variables.labels[?key] == oldObject.metadata.?labels[?key])`,
    reason: 'Forbidden',
    message: `a pod keeps its labels ${KIND_LABELS.join(', ')}: make another pod`,
  },
  forNone(
    'variables.refusedImages',
    'true',
    `the namespace ${namespace} takes only images that its sessions have or that are listed in spec.infra.podPolicy.images of dozlab.yaml or the cohort; not these`,
    '"container " + c.name + " has " + c.?image.orValue("none")',
  ),
  onCreation(
    '!object.spec.?automountServiceAccountToken.orValue(true)',
    `pods of the namespace ${namespace} get no token of a service account: automountServiceAccountToken must be false`,
  ),
  forNone(
    'variables.volumes',
    'c.?projected.?sources.orValue([]).exists(source, has(source.serviceAccountToken))',
    `pods of the namespace ${namespace} get no token of a service account, as these volumes would`,
  ),
  onCreation(
    `(${['hostNetwork', 'hostPID', 'hostIPC'].map((field) => `!object.spec.?${field}.orValue(false)`).join(' && ')})`,
    `pods of the namespace ${namespace} have neither hostNetwork nor hostPID nor hostIPC`,
  ),
  forNone(
    'variables.volumes',
    `!(${VOLUME_KINDS.map((kind) => `has(c.${kind})`).join(' || ')})`,
    `volumes are of the kinds ${VOLUME_KINDS.join(', ')}, not hostPath or another; these are not`,
  ),
  forNone(
    'variables.containers',
    'c.?ports.orValue([]).exists(port, port.?hostPort.orValue(0) != 0)',
    'no container has a hostPort, as these do',
  ),
  forNone(
    'variables.containers',
    'c.?securityContext.?privileged.orValue(false)',
    'no container is privileged, as these are',
  ),
  forNone(
    'variables.containers',
    `!c.?securityContext.?capabilities.?add.orValue([]).all(capability, variables.${SESSION_POD.variable} && c.name == ${celLiteral(MICROVM)} && capability in ${celLiteral(capabilities)})`,
    capabilities.length === 0
      ? `no container of the namespace ${namespace} adds capabilities, as these do`
      : `only the container ${MICROVM} of a session adds capabilities, and only ${capabilities.join(', ')}; against that are`,
  ),
];
