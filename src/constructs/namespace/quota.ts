import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { storedItem } from '../../admission/limit-range';
import type { Quantity } from '../../api/values/quantity';
import { managedMetadata } from './labels';

export type ResourceQuantities = Readonly<Record<string, Quantity>>;

export const kubeQuantities = (amounts: ResourceQuantities): Record<string, k8s.Quantity> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(String(amount))]));

export interface SessionQuotaProps {
  readonly namespace: string;

  /** Such as `requests.cpu` (Kubernetes, "Resource Quotas"). */
  readonly hard: ResourceQuantities;
}

/** Limits all sessions of a namespace together. */
export class SessionQuota extends Construct {
  constructor(scope: Construct, id: string, { namespace, hard }: SessionQuotaProps) {
    super(scope, id);
    new k8s.KubeResourceQuota(this, 'quota', {
      metadata: managedMetadata(namespace, 'lab-sessions'),
      spec: { hard: kubeQuantities(hard) },
    });
  }
}

export interface SessionLimitRangeProps {
  readonly namespace: string;

  readonly defaultRequest: ResourceQuantities;

  /** Also the limits of containers that set none. */
  readonly max: ResourceQuantities;
}

/** Bounds of each container (Kubernetes, "Limit Ranges"). */
export class SessionLimitRange extends Construct {
  constructor(scope: Construct, id: string, { namespace, defaultRequest, max }: SessionLimitRangeProps) {
    super(scope, id);
    // The API server would fill in the same defaults, and each apply would be a change.
    const { default: limits = {}, defaultRequest: requests = {} } = storedItem({
      type: 'Container',
      max,
      defaultRequest,
    });
    const bounds = [
      ...(isEmpty(requests) ? [] : [{ defaultRequest: kubeQuantities(requests) }]),
      ...(isEmpty(max) ? [] : [{ default: kubeQuantities(limits), max: kubeQuantities(max) }]),
    ];
    if (bounds.length === 0) return;
    new k8s.KubeLimitRange(this, 'limit-range', {
      metadata: managedMetadata(namespace, 'lab-sessions'),
      spec: { limits: [Object.assign({ type: 'Container' }, ...bounds) as k8s.LimitRangeItem] },
    });
  }
}

const isEmpty = (amounts: ResourceQuantities): boolean => Object.keys(amounts).length === 0;
