/** The pods of the cluster's DNS, by the namespace and label that every distribution keeps, as a peer of a network policy. */
export const CLUSTER_DNS = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};
