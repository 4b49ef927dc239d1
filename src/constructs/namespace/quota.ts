import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Quantity } from '../../api/values/quantity';
import { MANAGED_LABELS } from './labels';
import { quantities } from '../session/quantities';

export interface SessionQuotaProps {
  readonly namespace: string;
  /** Limits by resource name, such as `requests.cpu` (Kubernetes, "Resource Quotas"). */
  readonly hard: Readonly<Record<string, Quantity>>;
}

/** How much the sessions of a namespace may take together. What goes beyond is refused pod by pod. */
export class SessionQuota extends Construct {
  constructor(scope: Construct, id: string, { namespace, hard }: SessionQuotaProps) {
    super(scope, id);
    new k8s.KubeResourceQuota(this, 'quota', {
      metadata: { name: 'lab-sessions', namespace, labels: MANAGED_LABELS },
      spec: { hard: quantities(hard) },
    });
  }
}
