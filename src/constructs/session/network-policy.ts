import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { each, include, isEmpty, named, not, spread, when } from '@dozlab/charts';
import { namespaceNamed, tcp, TO_DNS } from '../namespace/network-rules';
import { objectMetadata, selectorLabels, sessionName, type SessionView } from './metadata';

const HTTP_PORTS = [tcp(8080), tcp(8081)];

/** Users' extra rules print unchanged, so the object has no generated class. */
export class SessionNetworkPolicy extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { networkPolicy } = view;
    include(this, networkPolicy.enabled, () => {
      new ApiObject(this, 'network-policy', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: objectMetadata(view, sessionName(view)),
        spec: {
          podSelector: { matchLabels: named('selectorLabels', selectorLabels(view)) },
          policyTypes: ['Ingress', 'Egress'],
          ingress: [
            ...when.item(not(isEmpty(networkPolicy.ingressNamespaces)), {
              from: each(networkPolicy.ingressNamespaces, namespaceNamed),
              ports: [...HTTP_PORTS, tcp(22)],
            }),
            // The pod of `helm test`, in the namespace of the session.
            { from: [{ podSelector: { matchLabels: { 'dozlab.io/test-of': view.session.id } } }], ports: HTTP_PORTS },
            ...spread(networkPolicy.extraIngress),
          ],
          egress: [
            TO_DNS,
            { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: spread(networkPolicy.blockedRanges) } }] },
            ...spread(networkPolicy.extraEgress),
          ],
        },
      });
    });
  }
}
