import { Construct } from 'constructs';
import { parseValues } from '../../api/values/check';
import type { SessionValuesInput } from '../../api/values/schema';
import { concreteView } from '@dozlab/charts';
import { SessionHttpRoute, SessionIngress } from './routes';
import { SessionNetworkPolicy } from './network-policy';
import { PasswordSecret } from './code-server';
import { SessionService } from './service';
import type { SessionView } from './metadata';
import { SessionClaims } from './volumes';
import { SessionWorkload } from './workload';

export function addSession(scope: Construct, view: SessionView): void {
  new PasswordSecret(scope, 'secret', view);
  new SessionClaims(scope, 'claims', view);
  new SessionNetworkPolicy(scope, 'network-policy', view);
  new SessionService(scope, 'service', view);
  new SessionWorkload(scope, 'workload', view);
  new SessionIngress(scope, 'ingress', view);
  new SessionHttpRoute(scope, 'http-route', view);
}

/**
 * A lab session in any cdk8s app.
 *
 * @example
 * new LabSession(chart, 'alice', {
 *   session: { id: 'alice-001', userId: 'alice@example.com' },
 *   rootfs: { imageUrl: 'https://example.com/dozlab-k8s.ext4' },
 * });
 */
export class LabSession extends Construct {
  /**
   * @param values listed by `dozlab explain`
   * @throws DozlabError with code `invalid-values` and all errors of the values
   */
  constructor(scope: Construct, id: string, values: SessionValuesInput) {
    super(scope, id);
    addSession(this, concreteView(parseValues(values)));
  }
}
