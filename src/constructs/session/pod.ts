import type { k8s } from 'cdk8s-plus-28';
import { list, map, named, optional, text } from '@dozlab/charts';
import { codeServerContainer } from './code-server';
import { firecrackerContainer } from './firecracker';
import { networkContainer, rootfsContainer } from './init-containers';
import { podLabels, type SessionView } from './metadata';
import { terminalContainer } from './terminal';
import { podVolumes } from './volumes';

/** An eviction loses the student's work, so the cluster autoscaler is told to leave the pod alone. */
export const POD_ANNOTATIONS = { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' };

/**
 * The metadata of the pod. It holds nothing that changes while a session runs: any change replaces the pod.
 */
export const podMetadata = (view: SessionView): k8s.ObjectMeta => ({
  labels: named('podLabels', podLabels(view)),
  annotations: POD_ANNOTATIONS,
});

/** The session's pod: two containers that prepare it, then the microVM, the terminal and VS Code. */
export const podSpec = (view: SessionView): k8s.PodSpec => ({
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
  securityContext: { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  initContainers: [rootfsContainer(view), networkContainer(view)],
  containers: [firecrackerContainer(view), terminalContainer(view), codeServerContainer(view)],
  volumes: podVolumes(view),
});
