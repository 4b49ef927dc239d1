import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { CLUSTER_DNS } from '../namespace/cluster-dns';
import { objectMetadata } from './object-metadata';

/** The labels by which the server is known, if it runs in the namespace. */
const SERVER_LABELS = { 'app.kubernetes.io/name': 'execbox', 'app.kubernetes.io/component': 'server' } as const;

export interface ExecBackendNetworkPoliciesProps {
  readonly namespace: string;

  /** Addresses that pods may not reach: all others they may. */
  readonly blockedRanges: readonly string[];

  /** Addresses of registries that pods may reach though they are blocked. */
  readonly registryRanges: readonly string[];

  /** Ports of these registries. */
  readonly registryPorts: readonly number[];

  /** Addresses of the API server that the server in the namespace may reach though they are blocked. */
  readonly apiServerRanges: readonly string[];
}

/**
 * Isolation of all pods of the namespace: into them from nowhere but their own node, through which the API server's streams come; out of them to
 * the cluster's DNS, to the internet without private ranges and to chosen registries. Policies add up (Kubernetes, "Network Policies"), so
 * another one can allow more.
 */
export class ExecBackendNetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: ExecBackendNetworkPoliciesProps) {
    super(scope, id);
    const { namespace, blockedRanges, registryRanges, registryPorts, apiServerRanges } = props;
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: objectMetadata(namespace, 'execbox-default-deny'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    new k8s.KubeNetworkPolicy(this, 'egress', {
      metadata: objectMetadata(namespace, 'execbox-egress'),
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
        metadata: objectMetadata(namespace, 'execbox-server'),
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

/** A rule for TCP to ranges of addresses; none without ranges, as a rule without peers would allow all. */
const egressTo = (ranges: readonly string[], numbers: readonly number[]): k8s.NetworkPolicyEgressRule[] =>
  ranges.length === 0 ? [] : [{ to: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: ports('TCP', numbers) }];
