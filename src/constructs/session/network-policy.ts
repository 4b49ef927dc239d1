import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { each, include, isEmpty, named, not, spread, when } from '@dozlab/charts';
import { CLUSTER_DNS } from '../namespace/cluster-dns';
import { objectMetadata, selectorLabels, sessionName, type SessionView } from './metadata';

const HTTP_PORTS = [8080, 8081].map((port) => ({ protocol: 'TCP', port }));

/**
 * Isolation of a session: into it only from chosen namespaces, out of it to the cluster's DNS and to the internet without private ranges.
 * Not of the generated class for NetworkPolicy: rules of the user's own pass through as they are.
 */
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
              from: each(networkPolicy.ingressNamespaces, (name) => ({
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
              })),
              ports: [...HTTP_PORTS, { protocol: 'TCP', port: 22 }],
            }),
            // The pod of `helm test`, which is in the session's own namespace.
            { from: [{ podSelector: { matchLabels: { 'dozlab.io/test-of': view.session.id } } }], ports: HTTP_PORTS },
            ...spread(networkPolicy.extraIngress),
          ],
          egress: [
            { to: [CLUSTER_DNS], ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) },
            { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: spread(networkPolicy.blockedRanges) } }] },
            ...spread(networkPolicy.extraEgress),
          ],
        },
      });
    });
  }
}
