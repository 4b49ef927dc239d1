import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

/** Kubernetes, "Pod Security Standards". */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

export interface SystemNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;

  /** The level that its pods must have. @default restricted */
  readonly enforce?: PodSecurityLevel;

  /** The level of which pods that fall short are warned of. @default the one that is enforced */
  readonly warn?: PodSecurityLevel;
}

/** A namespace that is not for sessions. */
export class SystemNamespace extends Construct {
  constructor(scope: Construct, id: string, props: SystemNamespaceProps) {
    super(scope, id);
    const { name, enforce = 'restricted', warn = enforce } = props;
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name,
        labels: {
          ...MANAGED_LABELS,
          'pod-security.kubernetes.io/enforce': enforce,
          'pod-security.kubernetes.io/warn': warn,
          'pod-security.kubernetes.io/audit': warn,
        },
      },
    });
  }
}
