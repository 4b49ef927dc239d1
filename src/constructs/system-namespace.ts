import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from './managed';

export interface SystemNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;

  /** What it enforces, warns and audits at (Kubernetes, "Pod Security Standards"). @default restricted */
  readonly podSecurity?: 'privileged' | 'baseline' | 'restricted';
}

/** A namespace that is not for sessions. */
export class SystemNamespace extends Construct {
  constructor(scope: Construct, id: string, { name, podSecurity = 'restricted' }: SystemNamespaceProps) {
    super(scope, id);
    const modes: [string, string][] = ['enforce', 'warn', 'audit'].map((mode) => [
      `pod-security.kubernetes.io/${mode}`,
      podSecurity,
    ]);
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: { name, labels: { ...MANAGED_LABELS, ...Object.fromEntries(modes) } },
    });
  }
}
