import type { Construct } from 'constructs';
import { CohortNamespace } from '../constructs/namespace/namespace';
import { IdentityPolicy } from '../constructs/namespace/identity-policy';
import { InstructorRole } from '../constructs/namespace/instructor-role';
import { NamespaceIsolation } from '../constructs/namespace/namespace-isolation';
import { PodPolicy } from '../constructs/namespace/pod-policy';
import { SessionManagerRole } from '../constructs/namespace/session-manager-role';
import { SessionPodMonitor } from '../constructs/namespace/pod-monitor';
import { SessionLimitRange, SessionQuota } from '../constructs/namespace/quota';
import { ViewerRole } from '../constructs/namespace/viewer-role';
import type { InfraSettings } from '../api/settings/infra';
import type { Manifest } from '@dozlab/charts/yaml';
import { objectsOf } from './objects';
import { isOwnNamespace, type Namespace } from '../model/namespace';

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
      new PodPolicy(scope, 'pod-policy', { name, namespace: name, images: namespace.images, solverImages });
      new IdentityPolicy(scope, 'identity-policy', { ...namespace, namespace: name });
    }
    if (settings.podMonitor.enabled)
      new SessionPodMonitor(scope, 'pod-monitor', { ...settings.podMonitor, namespace: name });
  });

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
