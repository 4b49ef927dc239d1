import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './labels';

/** Kubernetes, "Pod Security Standards". */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

export interface SystemNamespaceProps {
  readonly name: string;

  /** @default 'restricted' */
  readonly enforce?: PodSecurityLevel;

  /**
   * Level for warnings and the audit log.
   * @default - the enforced level
   */
  readonly warn?: PodSecurityLevel;
}

/** A namespace for other things than sessions. */
export class SystemNamespace extends Construct {
  constructor(scope: Construct, id: string, props: SystemNamespaceProps) {
    super(scope, id);
    const { name, enforce = 'restricted', warn = enforce } = props;
    addNamespace(this, name, enforce, warn);
  }
}

export interface CohortNamespaceProps {
  readonly name: string;
}

/** Only `privileged` admits the capabilities of the microVM's container. */
export class CohortNamespace extends Construct {
  constructor(scope: Construct, id: string, { name }: CohortNamespaceProps) {
    super(scope, id);
    addNamespace(this, name, 'privileged', 'baseline');
  }
}

const addNamespace = (scope: Construct, name: string, enforce: PodSecurityLevel, warn: PodSecurityLevel) =>
  new k8s.KubeNamespace(scope, 'namespace', {
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
