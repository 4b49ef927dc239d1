import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { managedMetadata } from '../namespace/labels';
import { type ResourceQuantities, kubeQuantities } from '../namespace/quota';

export interface ExecBackendQuotaProps {
  readonly namespace: string;

  /** Limits of the namespace, by resource. */
  readonly hard: ResourceQuantities;

  /** Limits of containers that set none, by resource. */
  readonly defaultLimits: ResourceQuantities;

  /** Requests of containers that set none, by resource. */
  readonly defaultRequests: ResourceQuantities;
}

/**
 * The amounts that all pods of the namespace may use together. Under a quota, the API server rejects pods without requests and limits
 * (Kubernetes, "Resource Quotas"), so the LimitRange sets them where containers have none.
 */
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
