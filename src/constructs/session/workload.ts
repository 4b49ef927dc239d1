import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  and,
  choose,
  include,
  is,
  isSet,
  list,
  map,
  named,
  not,
  optional,
  or,
  orElse,
  present,
  text,
  when,
  spread,
} from '@dozlab/charts';
import { codeServerContainer } from './code-server';
import { firecrackerContainer, networkContainer, rootfsContainer } from './firecracker';
import { barePodMetadata, objectMetadata, podLabels, selectorLabels, sessionName, type SessionView } from './metadata';
import { isAnyPersistent, mounts, NO_DISK, podVolumes } from './volumes';
import { STARTUP_SECONDS } from '../../api/values/containers';
import { containerImage, containerResources, UNPRIVILEGED } from './container';
import { webProbes } from './probes';

/** Without `suspended`, the Deployment has no `replicas`, so that an apply does not undo `kubectl scale`. */
export class SessionWorkload extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const bare = or(is(view.workload.kind, 'Pod'), not(is(view.restartPolicy, 'Always')));
    include(this, not(bare), () => {
      new k8s.KubeDeployment(this, 'deployment', {
        metadata: objectMetadata(view, sessionName(view)),
        spec: {
          replicas: when(isSet(view.suspended), choose(present(view.suspended), 0, 1)),
          strategy: { type: 'Recreate' },
          progressDeadlineSeconds: view.progressDeadlineSeconds,
          selector: { matchLabels: named('selectorLabels', selectorLabels(view)) },
          template: { metadata: podMetadata(view), spec: named('podSpec', podSpec(view)) },
        },
      });
    });

    include(this, and(bare, not(orElse(view.suspended, false))), () => {
      new k8s.KubePod(this, 'pod', {
        metadata: barePodMetadata(view, POD_ANNOTATIONS),
        spec: named('podSpec', podSpec(view)),
      });
    });
  }
}

/** An eviction loses the work of the student. */
const POD_ANNOTATIONS = { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' };

const podMetadata = (view: SessionView): k8s.ObjectMeta => ({
  labels: named('podLabels', podLabels(view)),
  annotations: POD_ANNOTATIONS,
});

const podSpec = (view: SessionView): k8s.PodSpec => ({
  restartPolicy: text(view.restartPolicy),
  terminationGracePeriodSeconds: view.terminationGracePeriodSeconds,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  imagePullSecrets: list(view.imagePullSecrets),
  priorityClassName: optional(view.priorityClassName),
  runtimeClassName: optional(view.runtimeClassName),
  nodeSelector: map(view.nodeSelector),
  tolerations: list(view.tolerations),
  affinity: optional(view.affinity),
  topologySpreadConstraints: list(view.topologySpreadConstraints),
  securityContext: {
    fsGroup: 1000,
    // Otherwise each start walks all files of a claim.
    fsGroupChangePolicy: when(isAnyPersistent(view), 'OnRootMismatch'),
    seccompProfile: { type: 'RuntimeDefault' },
  },
  initContainers: [rootfsContainer(view), networkContainer(view)],
  containers: [firecrackerContainer(view), terminalContainer(view), codeServerContainer(view)],
  volumes: podVolumes(view),
});

const terminalContainer = (view: SessionView): k8s.Container => ({
  name: 'terminal-sidecar',
  ...containerImage(view, view.terminal),
  env: [
    { name: 'SESSION_ID', value: view.session.id },
    { name: 'VM_IP', value: view.network.vmIp },
    { name: 'VM_SSH_PORT', value: '22' },
    ...spread(view.terminal.extraEnv),
  ],
  ports: [{ name: 'terminal', containerPort: 8081 }],
  resources: containerResources(view.terminal.resources, NO_DISK),
  securityContext: UNPRIVILEGED,
  volumeMounts: [
    { ...mounts.vmData, readOnly: true },
    { ...mounts.sharedConfig, readOnly: true },
  ],
  // It has started when the microVM answers: the readiness probe alone would ask too rarely for that moment.
  ...webProbes('terminal', view.terminal, STARTUP_SECONDS.terminal, view.terminal.readinessProbe),
});
