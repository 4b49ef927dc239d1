import { ingressAnnotations, enabledRoutes } from '../../api/rules/routes';
import { expandPattern } from '../../api/values/names';
import type { SessionValues } from '../../api/values/schema';
import { problemIn, type Problem } from '../../core/diagnostics';
import type { RenderedSession } from '../../manifests/session-files';
import type { Requirement } from '../../secrets/provider';
import { providerOf } from '../../secrets/providers';
import type { Path } from '@dozlab/charts/schema';
import type { ResolvedProject } from '../../model/project';
import type { Documents } from '../../source/document';
import { namespaceOf, ownerOf } from '../cohort';

const nameOf = (pattern: string, { session }: SessionValues): string =>
  expandPattern(pattern, session.id, session.userId);

function nodeResources({ initContainers, firecracker, terminal, codeServer }: SessionValues): Set<string> {
  const containers = [initContainers.rootfs, initContainers.network, firecracker, terminal, codeServer];
  const limits = containers.flatMap(({ resources }) => Object.keys(resources.limits));
  return new Set([...Object.values(firecracker.devices), ...limits].filter((name) => name.includes('/')));
}

/** Without `optional` references. */
export function requirementsOf({ namespace, values, secret }: Omit<RenderedSession, 'given'>): Requirement[] {
  const inNamespace = (kind: string, name: string, use: string, key?: string): Requirement => ({
    kind,
    name,
    namespace,
    use,
    ...(key === undefined ? {} : { key }),
  });
  const { codeServer, ingress, httpRoute, volumes } = values;
  const found: Requirement[] = [];

  if (secret !== undefined) found.push(...providerOf(secret.provider).requirements(secret));
  else if (codeServer.password === undefined || codeServer.existingSecret !== undefined) {
    const name = codeServer.existingSecret ?? `lab-session-${values.session.id}-secrets`;
    found.push(inNamespace('Secret', name, 'the password of VS Code', codeServer.existingSecretKey));
  }
  for (const { name } of values.imagePullSecrets)
    found.push(inNamespace('Secret', name, 'pulling images', '.dockerconfigjson'));
  for (const container of [
    values.initContainers.rootfs,
    values.initContainers.network,
    values.firecracker,
    values.terminal,
    codeServer,
  ]) {
    for (const { name, valueFrom } of container.extraEnv) {
      const { secretKeyRef: secret, configMapKeyRef: config } = valueFrom ?? {};
      if (secret !== undefined && secret.optional !== true)
        found.push(inNamespace('Secret', secret.name, `the variable ${name}`, secret.key));
      if (config !== undefined && config.optional !== true)
        found.push(inNamespace('ConfigMap', config.name, `the variable ${name}`, config.key));
    }
  }
  for (const { persistence } of [volumes.kernels, volumes.vmData, volumes.vscodeData]) {
    if (!persistence.enabled) continue;
    if (persistence.existingClaim !== undefined)
      found.push(inNamespace('PersistentVolumeClaim', nameOf(persistence.existingClaim, values), 'a volume'));
    else if (persistence.storageClassName !== undefined)
      found.push({ kind: 'StorageClass', name: persistence.storageClassName, use: 'a claim' });
  }
  for (const name of nodeResources(values))
    found.push({ kind: 'node resource', name, use: 'a container, from a device plugin' });
  if (values.priorityClassName !== undefined)
    found.push({ kind: 'PriorityClass', name: values.priorityClassName, use: 'the pod' });
  if (values.runtimeClassName !== undefined)
    found.push({ kind: 'RuntimeClass', name: values.runtimeClassName, use: 'the pod' });
  const routes = enabledRoutes(values);
  for (const { app } of routes.filter(({ kind }) => kind === 'ingress')) {
    const annotations = ingressAnnotations(values, app);
    const clusterIssuer = ingress.clusterIssuer ?? annotations['cert-manager.io/cluster-issuer'];
    const issuer = annotations['cert-manager.io/issuer'];
    if (ingress.className !== undefined)
      found.push({ kind: 'IngressClass', name: ingress.className, use: 'the Ingress' });
    if (clusterIssuer !== undefined)
      found.push({ kind: 'ClusterIssuer', name: clusterIssuer, use: 'the certificates' });
    else if (issuer !== undefined) found.push(inNamespace('Issuer', issuer, 'the certificates'));
    else if (ingress.tls.enabled) {
      const name = nameOf(ingress[app].tlsSecretName, values);
      found.push(inNamespace('Secret', name, 'the certificate of the Ingress', 'tls.crt'));
    }
  }
  const httpRoutes = routes.filter(({ kind }) => kind === 'httpRoute');
  if (httpRoutes.length > 0)
    found.push({
      kind: 'CustomResourceDefinition',
      name: 'httproutes.gateway.networking.k8s.io',
      use: 'the HTTPRoute, from the Gateway API',
    });
  for (const { app } of httpRoutes) {
    for (const parent of httpRoute.parentRefs) {
      found.push({
        kind: parent.kind ?? 'Gateway',
        name: parent.name,
        namespace: parent.namespace ?? namespace,
        use: 'the HTTPRoute',
      });
    }
    for (const { extensionRef } of httpRoute[app].filters) {
      if (extensionRef !== undefined)
        found.push(inNamespace(extensionRef.kind, extensionRef.name, 'a filter of the HTTPRoute'));
    }
  }
  return found;
}

const described = ({ kind, name, namespace, key, use }: Requirement): string =>
  `needs the ${kind} ${name}${namespace === undefined ? '' : ` in the namespace ${namespace}`}${key === undefined ? '' : ` with the key ${key}`} for ${use}`;

/** Of the objects that sessions of a namespace share. */
export function namespaceRequirements(
  documents: Documents,
  { namespaces }: Pick<ResolvedProject, 'namespaces'>,
): Problem[] {
  const path: Path = ['spec', 'infra', 'podMonitor', 'enabled'];
  const needed = namespaces
    .filter(({ settings }) => settings.podMonitor.enabled)
    .map(({ name }) => documents.cohorts.find((cohort) => namespaceOf(cohort) === name))
    .map((cohort) => (cohort === undefined ? documents.project : ownerOf(path, cohort, documents.project)));
  const message = described({
    kind: 'CustomResourceDefinition',
    name: 'podmonitors.monitoring.coreos.com',
    use: 'the PodMonitor, from the Prometheus Operator',
  });
  return needed.slice(0, 1).map((owner) => problemIn(owner, { severity: 'info', code: 'prerequisite', path, message }));
}

export function requirementProblems(sessions: readonly Omit<RenderedSession, 'given'>[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const session of sessions) {
    for (const requirement of requirementsOf(session)) {
      const message = described(requirement);
      const file = `sessions/${session.cohort}/${session.id}.yaml`;
      if (!first.has(message))
        first.set(message, problemIn(file, { severity: 'info', code: 'prerequisite', path: [], message }));
    }
  }
  return Array.from(first.values());
}
