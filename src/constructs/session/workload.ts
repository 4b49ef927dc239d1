import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { and, choose, include, is, isSet, named, not, or, orElse, present, when } from '@dozlab/charts';
import { POD_ANNOTATIONS, podMetadata, podSpec } from './pod';
import { barePodMetadata, objectMetadata, selectorLabels, sessionName, type SessionView } from './metadata';

/**
 * What runs the session's pod: a Deployment with one replica, or a Pod. A Deployment leaves `replicas` out unless the session says whether
 * it is suspended, so that whoever scales it in the cluster is not overruled. A suspended Pod is not made.
 */
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
