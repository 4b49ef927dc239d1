/** Parts of NetworkPolicies (Kubernetes, "Network Policies"). */

export const tcp = (port: number | string) => ({ protocol: 'TCP', port });

/** A namespace by its name, with the label that the API server sets. */
export const namespaceNamed = <T>(name: T) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** The pods of the cluster's DNS. All distributions use this namespace and this label. */
export const CLUSTER_DNS = {
  ...namespaceNamed('kube-system'),
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};

/** An egress rule for DNS. */
export const TO_DNS = { to: [CLUSTER_DNS], ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) };
