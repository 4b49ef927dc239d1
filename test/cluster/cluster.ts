import { randomBytes } from 'node:crypto';
import { renderNamespace } from '../../src/manifests/namespace';
import { Kubectl } from './kubectl';
import { binFolder } from './tools';

/** The cluster of this run, which the set-up has started or found. */
export const kubectl = new Kubectl(binFolder(), process.env['KUBECONFIG'] ?? '');

const suffix = randomBytes(4).toString('hex');
const made: string[] = [];

/** A name that no other test file uses. */
export const uniqueName = (name: string): string => `${name}-${suffix}`;

/** Removes an object when the tests of the file are done; nobody waits for it to be gone. */
export function removeAtEnd(kind: string, name: string): void {
  made.push(`${kind}/${name}`);
}

/** A namespace for sessions of this test file, as the product makes it. */
export function sessionNamespace(name: string): string {
  const namespace = uniqueName(`dozlab-test-${name}`);
  removeAtEnd('namespace', namespace);
  kubectl.apply([renderNamespace(namespace)]);
  waitForServiceAccount(namespace);
  return namespace;
}

/** Pods are refused until a namespace has its service account. */
export function waitForServiceAccount(namespace: string): void {
  kubectl.run(['wait', '--for=create', 'serviceaccount/default', '-n', namespace, '--timeout=60s']);
}

/** Lets Flux do anything in a namespace for objects there that name no service account: it then acts as the namespace's default one. */
export function letFluxActIn(namespace: string): void {
  kubectl.apply([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'flux', namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    },
  ]);
}

afterAll(() => {
  if (made.length > 0) kubectl.run(['delete', '--ignore-not-found', '--wait=false', ...made.splice(0)]);
});
