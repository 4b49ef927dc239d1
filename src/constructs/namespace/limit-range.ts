import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Quantity } from '../../api/values/quantity';
import { MANAGED_LABELS } from './labels';
import { quantities } from '../session/quantities';

export interface SessionLimitRangeProps {
  readonly namespace: string;
  /** What a container asks for that does not say. */
  readonly defaultRequest: Readonly<Record<string, Quantity>>;
  /** Most that a container may take. */
  readonly max: Readonly<Record<string, Quantity>>;
}

/** Bounds for single containers (Kubernetes, "Limit Ranges"). It sets no limits of its own; but the most that a
 * container may take becomes the limit of those that set none. */
export class SessionLimitRange extends Construct {
  constructor(scope: Construct, id: string, { namespace, defaultRequest, max }: SessionLimitRangeProps) {
    super(scope, id);
    const bounds = [
      ...(isEmpty(defaultRequest) ? [] : [{ defaultRequest: quantities(defaultRequest) }]),
      ...(isEmpty(max) ? [] : [{ max: quantities(max) }]),
    ];
    if (bounds.length === 0) return;
    new k8s.KubeLimitRange(this, 'limit-range', {
      metadata: { name: 'lab-sessions', namespace, labels: MANAGED_LABELS },
      spec: { limits: [Object.assign({ type: 'Container' }, ...bounds) as k8s.LimitRangeItem] },
    });
  }
}

const isEmpty = (amounts: object): boolean => Object.keys(amounts).length === 0;
