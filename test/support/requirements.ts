export function documentManifests(namespace: string): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name: 'dozlab-session-manager', namespace };
  const quota = (name: string, hard: object) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name, namespace },
    spec: { hard },
  });
  const isolation = (name: string) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: { app: 'lab-environment' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }] }],
      egress: [{ to: [{ namespaceSelector: {} }] }],
    },
  });
  return [
    quota('dozlab-quota', DOCUMENT_QUOTAS['dozlab-quota']),
    quota('lab-sessions-quota', DOCUMENT_QUOTAS['lab-sessions-quota']),
    isolation('dozlab-session-isolation'),
    isolation('lab-session-isolation'),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: [''],
          resources: ['pods', 'services', 'secrets'],
          verbs: ['create', 'delete', 'get', 'list', 'watch'],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      subjects: [{ kind: 'ServiceAccount', name: metadata.name }],
      roleRef: { apiGroup: rbac, kind: 'Role', name: metadata.name },
    },
  ];
}

export const DOCUMENT_QUOTAS = {
  'dozlab-quota': { 'requests.cpu': '50', 'requests.memory': '100Gi', pods: '50', persistentvolumeclaims: '0' },
  'lab-sessions-quota': { 'requests.cpu': '20', 'requests.memory': '40Gi', pods: '10' },
} as const;
