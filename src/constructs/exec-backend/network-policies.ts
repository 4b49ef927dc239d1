import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { managedMetadata } from '../namespace/labels';
import { CLUSTER_DNS } from '../namespace/network-rules';

const SERVER_LABELS = { 'app.kubernetes.io/name': 'execbox', 'app.kubernetes.io/component': 'server' } as const;

export interface ExecBackendNetworkPoliciesProps {
  readonly namespace: string;

  readonly blockedRanges: readonly string[];

  readonly registryRanges: readonly string[];

  readonly registryPorts: readonly number[];

  readonly apiServerRanges: readonly string[];
}

/**
 * Streams of the API server come through the pods' own node. Other policies can allow more (Kubernetes, "Network
 * Policies").
 */
export class ExecBackendNetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: ExecBackendNetworkPoliciesProps) {
    super(scope, id);
    const { namespace, blockedRanges, registryRanges, registryPorts, apiServerRanges } = props;
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: managedMetadata(namespace, 'execbox-default-deny'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    new k8s.KubeNetworkPolicy(this, 'egress', {
      metadata: managedMetadata(namespace, 'execbox-egress'),
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          { to: [CLUSTER_DNS], ports: [...ports('UDP', [53]), ...ports('TCP', [53])] },
          { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [...blockedRanges] } }] },
          ...egressTo(registryRanges, registryPorts),
        ],
      },
    });
    if (apiServerRanges.length > 0) {
      new k8s.KubeNetworkPolicy(this, 'server', {
        metadata: managedMetadata(namespace, 'execbox-server'),
        spec: {
          podSelector: { matchLabels: SERVER_LABELS },
          policyTypes: ['Egress'],
          egress: egressTo(apiServerRanges, [443, 6443]),
        },
      });
    }
  }
}

const ports = (protocol: 'TCP' | 'UDP', numbers: readonly number[]): k8s.NetworkPolicyPort[] =>
  numbers.map((port) => ({ protocol, port: k8s.IntOrString.fromNumber(port) }));

/** A rule without peers allows all. */
const egressTo = (ranges: readonly string[], numbers: readonly number[]): k8s.NetworkPolicyEgressRule[] =>
  ranges.length === 0 ? [] : [{ to: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: ports('TCP', numbers) }];
