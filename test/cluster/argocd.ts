import { join } from 'node:path';
import { at, urlOf, type Service } from './service';

/** How many ports Argo CD takes. */
export const ARGOCD_PORTS = 4;

/**
 * Application controller, repo server and cache of Argo CD, which act for the Applications of one namespace.
 * @param folder for its files; a socket is in it, so its path must be short
 */
export function argocdController(
  bin: string,
  namespace: string,
  folder: string,
  [redis = 0, repoServer = 0, repoServerMetrics = 0, metrics = 0]: readonly number[],
): Service {
  const ports = [redis, repoServer, repoServerMetrics, metrics];
  return {
    program: {
      name: 'argocd',
      command: join(bin, 'argocd'),
      args: [namespace, ...ports.map(String)],
      env: {
        TMPDIR: folder,
        ARGOCD_ASK_PASS_SOCK: join(folder, 'ask-pass'),
        // Without signatures it needs no gpg.
        ARGOCD_GPG_ENABLED: 'false',
        // The cluster https://kubernetes.default.svc is the one of KUBECONFIG.
        ARGOCD_FAKE_IN_CLUSTER: 'true',
      },
    },
    sign: `http://${at(repoServerMetrics)}/healthz?full=true`,
    metrics: `${urlOf(metrics)}/metrics`,
  };
}

const SETTINGS = ['argocd-cm', 'argocd-rbac-cm', 'argocd-cmd-params-cm', 'argocd-ssh-known-hosts-cm'];
const MORE_SETTINGS = ['argocd-tls-certs-cm', 'argocd-gpg-keys-cm'];

/** What an installation of Argo CD has in its namespace. */
export function argocdSettings(namespace: string): object[] {
  const metadata = (name: string) => ({ name, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...[...SETTINGS, ...MORE_SETTINGS].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(name),
    })),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('argocd-secret'),
      stringData: { 'server.secretkey': 'only-for-tests' },
    },
  ];
}
