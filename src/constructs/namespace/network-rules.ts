export const tcp = (port: number | string) => ({ protocol: 'TCP', port });

export const namespaceNamed = <T>(name: T) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** All distributions use this namespace and label. */
export const CLUSTER_DNS = {
  ...namespaceNamed('kube-system'),
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};

export const TO_DNS = { to: [CLUSTER_DNS], ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) };
