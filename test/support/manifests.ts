import { App, Chart } from 'cdk8s';
import { LabSession } from '../../src/constructs/session/lab-session';
import type { Manifest } from '@dozlab/charts/yaml';
import type { SessionValuesInput } from '../../src/api/values/schema';
import type { Mapping } from '@dozlab/charts/schema';
import { valuesWith } from './values';

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: KeyReference;
    readonly configMapKeyRef?: KeyReference;
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

export interface KeyReference {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
  readonly tcpSocket?: { readonly port: string | number };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: unknown;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

export interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit: string };
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly serviceAccountName?: string;
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  readonly [key: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Pod {
  readonly metadata: Omit<Metadata, 'name'>;
  readonly spec: PodSpec;
}

export const metadataOf = (manifest: Manifest): Metadata => manifest.metadata;

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a test says what it looks at
export const specOf = <T = Record<string, unknown>>(manifest: Manifest | undefined): T => manifest?.['spec'] as T;

export function labSession(over: Mapping = {}): Manifest[] {
  const chart = new Chart(new App(), 'chart');
  new LabSession(chart, 'alice', valuesWith(over) as unknown as SessionValuesInput);
  return chart.toJson() as Manifest[];
}

export const namesOf = (manifests: readonly Manifest[]): string[] =>
  manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

export function one(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const [found, ...more] = ofKind(manifests, kind).filter(
    ({ metadata }) => name === undefined || metadata.name === name,
  );
  if (found === undefined || more.length > 0)
    throw new Error(`expected one ${kind} ${name ?? ''} among ${namesOf(manifests).join(', ')}`);
  return found;
}

export const podOf = (manifest: Manifest): Pod | undefined =>
  manifest.kind === 'Pod'
    ? (manifest as unknown as Pod)
    : ['Deployment', 'DaemonSet'].includes(manifest.kind)
      ? specOf<{ template: Pod }>(manifest).template
      : undefined;

export function sessionPod(manifests: readonly Manifest[]): Pod {
  const [pod, ...more] = manifests.map(podOf).filter((found) => found !== undefined);
  if (pod === undefined || more.length > 0) throw new Error(`expected one pod among ${namesOf(manifests).join(', ')}`);
  return pod;
}

export const containersOf = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers];

export function container(manifests: readonly Manifest[], name: string): Container {
  const found = containersOf(sessionPod(manifests)).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

export const environmentOf = ({ env = [] }: Container): string[] =>
  env.map(({ name, value, valueFrom }) => {
    const key = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef;
    return `${name}=${value ?? (key === undefined ? `<${valueFrom?.fieldRef?.fieldPath ?? ''}>` : `<${key.name}/${key.key}>`)}`;
  });
