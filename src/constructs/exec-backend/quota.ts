import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Quantity } from '../../api/values/quantity';
import { quantities } from '../session/quantities';
import { objectMetadata } from './object-metadata';

export interface ExecBackendQuotaProps {
  readonly namespace: string;

  /** The most of each resource that the namespace may use. */
  readonly hard: Readonly<Record<string, Quantity>>;

  /** Limits of containers that have none, by resource. */
  readonly defaultLimits: Readonly<Record<string, Quantity>>;

  /** Requests of containers that have none, by resource. */
  readonly defaultRequests: Readonly<Record<string, Quantity>>;
}

/**
 * What all pods of the namespace may use together. Where a quota limits requests or limits, a pod without them is refused (Kubernetes,
 * "Resource Quotas"): the LimitRange gives them to containers that have none.
 */
export class ExecBackendQuota extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { namespace, hard, defaultLimits, defaultRequests }: ExecBackendQuotaProps,
  ) {
    super(scope, id);
    new k8s.KubeResourceQuota(this, 'resource-quota', {
      metadata: objectMetadata(namespace, 'execbox-quota'),
      spec: { hard: quantities(hard) },
    });
    new k8s.KubeLimitRange(this, 'limit-range', {
      metadata: objectMetadata(namespace, 'execbox-limits'),
      spec: {
        limits: [
          { type: 'Container', default: quantities(defaultLimits), defaultRequest: quantities(defaultRequests) },
        ],
      },
    });
  }
}
