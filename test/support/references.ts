import type { Requirement } from '../../src/secrets/provider';
import type { Manifest } from '@dozlab/charts/yaml';
import {
  containersOf,
  metadataOf,
  podOf,
  specOf,
  type Container,
  type KeyReference,
  type Metadata,
  type Pod,
  type Probe,
} from './manifests';

/**
 * Reports references to objects that are neither among the manifests nor prerequisites.
 * Shares no code with the search for prerequisites in src/, so that one checks the other.
 */

type Labels = Readonly<Record<string, string>>;

interface Backend {
  readonly name: string;
  readonly port?: number | { readonly name?: string; readonly number?: number };
}

interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string | number }[];
}

interface IngressSpec {
  readonly ingressClassName?: string;
  readonly tls?: readonly { readonly secretName: string; readonly hosts: readonly string[] }[];
  readonly rules: readonly {
    readonly host: string;
    readonly http: { readonly paths: readonly { readonly backend: { readonly service: Backend } }[] };
  }[];
}

interface HttpRouteSpec {
  readonly parentRefs: readonly { readonly kind?: string; readonly name: string; readonly namespace?: string }[];
  readonly rules: readonly {
    readonly filters?: readonly { readonly extensionRef?: { readonly kind: string; readonly name: string } }[];
    readonly backendRefs: readonly Backend[];
  }[];
}

const ISSUERS: Readonly<Record<string, string>> = {
  'cert-manager.io/cluster-issuer': 'ClusterIssuer',
  'cert-manager.io/issuer': 'Issuer',
};

export function danglingReferences(manifests: readonly Manifest[], listed: readonly Requirement[]): string[] {
  const walk = new Walk(manifests, listed);
  return manifests.flatMap((manifest) =>
    walk.from(manifest).map((reference) => `${manifest.kind} ${manifest.metadata.name}: ${reference}`),
  );
}

class Walk {
  constructor(
    private readonly manifests: readonly Manifest[],
    private readonly listed: readonly Requirement[],
  ) {}

  from(manifest: Manifest): string[] {
    const namespace = manifest.metadata.namespace;
    const pod = podOf(manifest);
    const found = pod === undefined ? [] : this.fromPod(pod, namespace);
    if (namespace !== undefined && namespace !== 'default') found.push(...this.to('Namespace', namespace, undefined));
    if (manifest.kind === 'Deployment') found.push(...this.fromDeployment(manifest));
    if (manifest.kind === 'Service') found.push(...this.fromService(manifest));
    if (manifest.kind === 'NetworkPolicy') found.push(...this.fromNetworkPolicy(manifest));
    if (manifest.kind === 'Ingress') found.push(...this.fromIngress(manifest));
    if (manifest.kind === 'HTTPRoute') found.push(...this.fromHttpRoute(manifest));
    if (manifest.kind === 'PersistentVolumeClaim') {
      const { storageClassName } = specOf<{ storageClassName?: string }>(manifest);
      if (storageClassName !== undefined) found.push(...this.to('StorageClass', storageClassName, undefined));
    }
    return found;
  }

  private object(kind: string, name: string, namespace: string | undefined): Manifest | undefined {
    return this.manifests.find(
      (manifest) =>
        manifest.kind === kind && manifest.metadata.name === name && manifest.metadata.namespace === namespace,
    );
  }

  private to(kind: string, name: string, namespace: string | undefined, key?: string): string[] {
    const object = this.object(kind, name, namespace);
    const data = object?.['data'] as Labels | undefined;
    if (object !== undefined && (key === undefined || data?.[key] !== undefined)) return [];
    const known = this.listed.some(
      (each) =>
        each.kind === kind &&
        each.name === name &&
        each.namespace === namespace &&
        (key === undefined || each.key === key),
    );
    return known ? [] : [`${kind} ${namespace ?? ''}/${name}${key === undefined ? '' : ` key ${key}`}`];
  }

  private fromPod(pod: Pod, namespace: string | undefined): string[] {
    const { spec } = pod;
    const volumes = spec.volumes ?? [];
    return [
      ...containersOf(pod).flatMap((container) => this.fromContainer(container, volumes, namespace)),
      ...volumes.flatMap(({ secret, configMap, persistentVolumeClaim: claim }) => [
        ...(secret === undefined ? [] : this.to('Secret', secret.secretName, namespace)),
        ...(configMap === undefined ? [] : this.to('ConfigMap', configMap.name, namespace)),
        ...(claim === undefined ? [] : this.to('PersistentVolumeClaim', claim.claimName, namespace)),
      ]),
      ...(spec.imagePullSecrets ?? []).flatMap(({ name }) => this.to('Secret', name, namespace)),
      ...(spec.serviceAccountName === undefined ? [] : this.to('ServiceAccount', spec.serviceAccountName, namespace)),
      ...(spec.priorityClassName === undefined ? [] : this.to('PriorityClass', spec.priorityClassName, undefined)),
      ...(spec.runtimeClassName === undefined ? [] : this.to('RuntimeClass', spec.runtimeClassName, undefined)),
    ];
  }

  private fromContainer(
    container: Container,
    volumes: readonly { name: string }[],
    namespace: string | undefined,
  ): string[] {
    const keyOf = (kind: string, reference: KeyReference | undefined): string[] =>
      reference === undefined || reference.optional === true
        ? []
        : this.to(kind, reference.name, namespace, reference.key);
    return [
      ...Object.keys(container.resources?.limits ?? {})
        .filter((name) => name.includes('/'))
        .flatMap((name) => this.to('node resource', name, undefined)),
      ...(container.env ?? []).flatMap(({ valueFrom }) => [
        ...keyOf('Secret', valueFrom?.secretKeyRef),
        ...keyOf('ConfigMap', valueFrom?.configMapKeyRef),
      ]),
      ...(container.volumeMounts ?? [])
        .filter(({ name }) => !volumes.some((volume) => volume.name === name))
        .map(({ name }) => `volume ${name}`),
      ...[container.startupProbe, container.livenessProbe, container.readinessProbe]
        .map(portOfProbe)
        .filter((port) => port !== undefined && !hasPort(container, port))
        .map((port) => `port ${String(port)} of ${container.name}`),
    ];
  }

  private podsWith(labels: Labels, namespace: string | undefined): Pod[] {
    return this.manifests
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map(podOf)
      .filter((pod) => pod !== undefined)
      .filter((pod) => isSubset(labels, pod.metadata.labels ?? {}));
  }

  private fromDeployment(manifest: Manifest): string[] {
    const { selector, template } = specOf<{ selector: { matchLabels: Labels }; template: Pod }>(manifest);
    return isSubset(selector.matchLabels, template.metadata.labels ?? {}) ? [] : ['its own pod template'];
  }

  private fromService(manifest: Manifest): string[] {
    const { selector, ports } = specOf<ServiceSpec>(manifest);
    const pods = this.podsWith(selector, manifest.metadata.namespace);
    if (pods.length !== 1) return [`selects ${String(pods.length)} pods`];
    return ports
      .filter(({ targetPort }) => !pods.some((pod) => containersOf(pod).some((each) => hasPort(each, targetPort))))
      .map(({ targetPort }) => `port ${String(targetPort)} of a container`);
  }

  private fromNetworkPolicy(manifest: Manifest): string[] {
    const { podSelector } = specOf<{ podSelector: { matchLabels: Labels } }>(manifest);
    const pods = this.podsWith(podSelector.matchLabels, manifest.metadata.namespace);
    return pods.length === 1 ? [] : [`selects ${String(pods.length)} pods`];
  }

  private toBackend({ name, port }: Backend, namespace: string | undefined): string[] {
    const service = this.object('Service', name, namespace);
    if (service === undefined) return [`Service ${name}`];
    const wanted = typeof port === 'object' ? (port.name ?? port.number) : port;
    return specOf<ServiceSpec>(service).ports.some((each) => each.name === wanted || each.port === wanted)
      ? []
      : [`port ${String(wanted)} of Service ${name}`];
  }

  private fromIngress(manifest: Manifest): string[] {
    const { namespace, annotations = {} }: Metadata = metadataOf(manifest);
    const { ingressClassName, tls = [], rules } = specOf<IngressSpec>(manifest);
    const issuers = Object.entries(ISSUERS).filter(([annotation]) => annotations[annotation] !== undefined);
    return [
      ...(ingressClassName === undefined ? [] : this.to('IngressClass', ingressClassName, undefined)),
      ...rules.flatMap(({ http }) => http.paths.flatMap(({ backend }) => this.toBackend(backend.service, namespace))),
      ...issuers.flatMap(([annotation, kind]) =>
        this.to(kind, annotations[annotation] ?? '', kind === 'Issuer' ? namespace : undefined),
      ),
      // An issuer makes the Secret itself.
      ...(issuers.length > 0 ? [] : tls.flatMap(({ secretName }) => this.to('Secret', secretName, namespace))),
      ...tls
        .flatMap(({ hosts }) => hosts)
        .filter((host) => !rules.some((rule) => rule.host === host))
        .map((host) => `host ${host} of its rules`),
    ];
  }

  private fromHttpRoute(manifest: Manifest): string[] {
    const { namespace } = manifest.metadata;
    const { parentRefs, rules } = specOf<HttpRouteSpec>(manifest);
    return [
      ...this.to('CustomResourceDefinition', 'httproutes.gateway.networking.k8s.io', undefined),
      ...parentRefs.flatMap((parent) => this.to(parent.kind ?? 'Gateway', parent.name, parent.namespace ?? namespace)),
      ...rules.flatMap(({ filters = [], backendRefs }) => [
        ...filters.flatMap(({ extensionRef }) =>
          extensionRef === undefined ? [] : this.to(extensionRef.kind, extensionRef.name, namespace),
        ),
        ...backendRefs.flatMap((backend) => this.toBackend(backend, namespace)),
      ]),
    ];
  }
}

const portOfProbe = (probe: Probe | undefined): string | number | undefined =>
  probe?.httpGet?.port ?? probe?.tcpSocket?.port;

const hasPort = ({ ports = [] }: Container, port: string | number): boolean =>
  ports.some(({ name, containerPort }) => name === port || containerPort === port);

const isSubset = (some: Labels, all: Labels): boolean =>
  Object.keys(some).length > 0 && Object.entries(some).every(([key, value]) => all[key] === value);
