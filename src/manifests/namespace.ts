import type { Construct } from 'constructs';
import { CohortNamespace, SystemNamespace } from '../constructs/namespace/namespace';
import { IdentityPolicy } from '../constructs/namespace/identity-policy';
import { InstructorRole } from '../constructs/namespace/instructor-role';
import { NamespaceIsolation } from '../constructs/namespace/namespace-isolation';
import { PodPolicy } from '../constructs/namespace/pod-policy';
import { SessionManagerRole } from '../constructs/namespace/session-manager-role';
import { SessionPodMonitor } from '../constructs/namespace/pod-monitor';
import { SessionLimitRange, SessionQuota } from '../constructs/namespace/quota';
import { ViewerRole } from '../constructs/namespace/viewer-role';
import type { InfraSettings } from '../api/settings/infra';
import type { OutputFile } from '@dozlab/charts';
import type { Manifest } from '@dozlab/charts/yaml';
import { objectsOf, manifestFile } from './manifest-file';
import { isOwnNamespace, type Namespace } from '../model/project';
import { k8s } from 'cdk8s-plus-28';
import { MANAGED_LABELS } from '../constructs/namespace/labels';

export function renderNamespace(name: string): Manifest {
  const [namespace] = objectsOf((scope) => new CohortNamespace(scope, 'namespace', { name })) as [Manifest];
  return namespace;
}

/** A foreign namespace gets no objects that affect other pods. */
export const renderSessionNamespace = (namespace: Namespace): Manifest[] =>
  objectsOf((scope) => {
    const { name, settings, quota } = namespace;
    const isOwn = isOwnNamespace(name);
    if (isOwn) new CohortNamespace(scope, 'namespace', { name });
    if (quota !== undefined) new SessionQuota(scope, 'quota', { namespace: name, hard: quota });
    if (isOwn && settings.limitRange.enabled)
      new SessionLimitRange(scope, 'limit-range', { namespace: name, ...settings.limitRange });
    addIsolation(scope, namespace);
    addRoles(scope, name, settings.roles);
    if (isOwn && settings.podPolicy.enabled) {
      const { acmeSolverImages: solverImages } = settings.podPolicy;
      const { images, capabilities } = namespace;
      new PodPolicy(scope, 'pod-policy', { name, namespace: name, images, solverImages, capabilities });
      new IdentityPolicy(scope, 'identity-policy', { ...namespace, namespace: name });
    }
  });

/** Apart from the other objects: without the Prometheus Operator, the cluster refuses them. */
export const renderMonitoring = (namespaces: readonly Namespace[]): OutputFile[] =>
  namespaces
    .filter(({ settings }) => settings.podMonitor.enabled)
    .map(({ name, settings: { podMonitor } }) =>
      manifestFile(
        `monitoring/${name}.yaml`,
        objectsOf((scope) => new SessionPodMonitor(scope, 'pod-monitor', { ...podMonitor, namespace: name })),
      ),
    );

function addIsolation(scope: Construct, { name, settings, networkPolicy }: Namespace): void {
  const { defaultDeny, isolation, ingressNamespaceLabels } = settings.networkPolicy;
  new NamespaceIsolation(scope, 'isolation', {
    namespace: name,
    defaultDeny: defaultDeny && isOwnNamespace(name),
    ...(isolation ? { sessions: { ...networkPolicy, ingressNamespaceLabels } } : {}),
    ...(settings.podMonitor.enabled ? { metrics: settings.podMonitor } : {}),
  });
}

function addRoles(
  scope: Construct,
  namespace: string,
  { sessionManager, viewers, instructors }: InfraSettings['roles'],
): void {
  if (sessionManager.enabled)
    new SessionManagerRole(scope, 'session-manager', { namespace, serviceAccount: sessionManager });
  new ViewerRole(scope, 'viewer', { ...viewers, namespace });
  new InstructorRole(scope, 'instructor', { ...instructors, namespace });
}

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
