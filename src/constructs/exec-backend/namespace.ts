import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { LABELS } from './object-metadata';

export interface ExecBackendNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
}

/**
 * The namespace of the exec backend. Kaniko builds as root, which the Pod Security level `restricted` refuses (Kubernetes, "Pod Security
 * Standards"), so it enforces `baseline`; it warns and audits at `restricted`.
 */
export class ExecBackendNamespace extends Construct {
  constructor(scope: Construct, id: string, { name }: ExecBackendNamespaceProps) {
    super(scope, id);
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name,
        labels: {
          ...LABELS,
          'pod-security.kubernetes.io/enforce': 'baseline',
          'pod-security.kubernetes.io/warn': 'restricted',
          'pod-security.kubernetes.io/audit': 'restricted',
        },
      },
    });
  }
}
