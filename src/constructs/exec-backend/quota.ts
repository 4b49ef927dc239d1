import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { managedMetadata } from '../namespace/labels';
import { type ResourceQuantities, kubeQuantities } from '../namespace/quota';

export interface ExecBackendQuotaProps {
  readonly namespace: string;

  readonly hard: ResourceQuantities;

  readonly defaultLimits: ResourceQuantities;

  readonly defaultRequests: ResourceQuantities;
}

/** Under a quota, the API server rejects pods without requests and limits (Kubernetes, "Resource Quotas"). */
export class ExecBackendQuota extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { namespace, hard, defaultLimits, defaultRequests }: ExecBackendQuotaProps,
  ) {
    super(scope, id);
    new k8s.KubeResourceQuota(this, 'resource-quota', {
      metadata: managedMetadata(namespace, 'execbox-quota'),
      spec: { hard: kubeQuantities(hard) },
    });
    new k8s.KubeLimitRange(this, 'limit-range', {
      metadata: managedMetadata(namespace, 'execbox-limits'),
      spec: {
        limits: [
          {
            type: 'Container',
            default: kubeQuantities(defaultLimits),
            defaultRequest: kubeQuantities(defaultRequests),
          },
        ],
      },
    });
  }
}
