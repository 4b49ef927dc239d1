import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

export interface CohortNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
}

/**
 * A namespace for sessions. The microVM's container adds capabilities that only the Pod Security level `privileged` admits
 * (Kubernetes, "Pod Security Standards"), so that is what it enforces; it warns and audits at `baseline`.
 */
export class CohortNamespace extends Construct {
  constructor(scope: Construct, id: string, props: CohortNamespaceProps) {
    super(scope, id);
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name: props.name,
        labels: {
          ...MANAGED_LABELS,
          'pod-security.kubernetes.io/enforce': 'privileged',
          'pod-security.kubernetes.io/warn': 'baseline',
          'pod-security.kubernetes.io/audit': 'baseline',
        },
      },
    });
  }
}
