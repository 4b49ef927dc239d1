import { celLiteral } from './cel';
import { KIND_LABELS, POD_KINDS, SESSION_POD, describedKinds } from './pod-kinds';

/**
 * A rule of a ValidatingAdmissionPolicy (Kubernetes, "Validating Admission Policy").
 * Refusals are 403: for what is invalid (422, the default), forced updates of Flux, Helm and kubectl remove the object and make it again.
 */
export interface PolicyRule {
  readonly expression: string;
  readonly reason: 'Forbidden';

  /** Also what is said in place of more than the API server takes of `messageExpression`. */
  readonly message: string;
  readonly messageExpression?: string;
}

/** The kinds of volumes that Pod Security admits at its level `restricted`: none of them reaches into the node. */
const VOLUME_KINDS = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
];

/** The one container that may add capabilities. */
const MICROVM = { name: 'firecracker-vm', capabilities: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'] };

/** A rule about what a pod keeps as long as it lives. */
const onCreation = (isSo: string, message: string): PolicyRule => ({
  expression: `request.operation != "CREATE" || ${isSo}`,
  reason: 'Forbidden',
  message,
});

/** A rule that no container, or volume, may be against. Those that are get named. */
const forNone = (items: string, isAgainst: string, message: string, shown = 'c.name'): PolicyRule => ({
  expression: `!${items}.exists(c, ${isAgainst})`,
  reason: 'Forbidden',
  message,
  messageExpression: `${celLiteral(`${message}: `)} + ${items}.filter(c, ${isAgainst}).map(c, ${shown}).join(", ")`,
});

/** What the pods of a namespace for sessions must be like. */
export const policyRules = (namespace: string): PolicyRule[] => [
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
    `!c.?securityContext.?capabilities.?add.orValue([]).all(capability, variables.${SESSION_POD.variable} && c.name == ${celLiteral(MICROVM.name)} && capability in ${celLiteral(MICROVM.capabilities)})`,
    `only the container ${MICROVM.name} of a session adds capabilities, and only ${MICROVM.capabilities.join(', ')}; against that are`,
  ),
];
