import { k8s } from 'cdk8s-plus-28';
import { MANAGED_LABELS } from '../constructs/namespace/labels';
import { SystemNamespace } from '../constructs/namespace/namespace';
import type { OutputFile } from '@dozlab/charts';
import { type Namespace, isOwnNamespace } from '../model/namespace';
import { manifestFile } from './manifest-file';
import { objectsOf } from './objects';

/** Other files write namespaces of sessions. Every cluster has the namespaces that Kubernetes creates. */
export function renderSystem(namespaces: readonly Namespace[]): OutputFile[] {
  const accounts = new Map<string, Set<string>>();
  for (const { settings } of namespaces) {
    const { enabled, name, namespace } = settings.roles.sessionManager;
    if (enabled) accounts.set(namespace, (accounts.get(namespace) ?? new Set()).add(name));
  }
  return Array.from(accounts).map(([namespace, names]) => {
    const isForSessions = namespaces.some(({ name }) => name === namespace);
    const objects = objectsOf((scope) => {
      if (isOwnNamespace(namespace) && !isForSessions) new SystemNamespace(scope, 'namespace', { name: namespace });
      for (const name of Array.from(names).sort())
        new k8s.KubeServiceAccount(scope, `service-account-${name}`, {
          metadata: { name, namespace, labels: MANAGED_LABELS },
        });
    });
    return manifestFile(`infra/system/${namespace}.yaml`, objects);
  });
}
