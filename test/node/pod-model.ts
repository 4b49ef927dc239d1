import type { RuntimeContainer } from './runtime-view';

/** A container of a pod template, as far as these tests read it. */
export interface ModelContainer {
  readonly name: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly volumeMounts?: readonly { readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly runAsUser?: number;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
}

export interface ModelPod {
  readonly spec: {
    readonly initContainers: readonly ModelContainer[];
    readonly containers: readonly ModelContainer[];
    readonly securityContext: { readonly fsGroup: number };
  };
}

/** What of a container follows from its pod template alone. */
export interface Facts {
  readonly env: Readonly<Record<string, string>>;
  readonly user: number | undefined;
  /** Beside root's. */
  readonly groups: readonly number[];
  readonly mounts: readonly string[];
  readonly devices: readonly string[];
  readonly addedCapabilities: readonly string[];
  readonly hasDefaultCapabilities: boolean;
  readonly mayGainPrivileges: boolean;
  readonly hasReadOnlyRoot: boolean;
  readonly hasSeccomp: boolean;
}

/** Capabilities that containerd gives to a container by default, of which none is in the model's lists. */
const DEFAULT_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID'];

/** Devices of the device plugin, by the resource that a container asks for. */
const DEVICE_FILES: Readonly<Record<string, string>> = {
  'devices.kubevirt.io/kvm': '/dev/kvm',
  'devices.kubevirt.io/tun': '/dev/net/tun',
};

/** @param variables values of environment variables that come from elsewhere, by name */
export function factsOfModel(container: ModelContainer, pod: ModelPod, variables: Facts['env']): Facts {
  const { capabilities, ...security } = container.securityContext ?? {};
  return {
    env: Object.fromEntries(
      (container.env ?? []).map(({ name, value, valueFrom }) => [
        name,
        valueFrom === undefined ? (value ?? '') : (variables[name] ?? `no value of ${name}`),
      ]),
    ),
    user: security.runAsUser,
    groups: [pod.spec.securityContext.fsGroup],
    mounts: (container.volumeMounts ?? [])
      .map(({ mountPath, readOnly }) => mountText(mountPath, readOnly === true))
      .sort(),
    devices: Object.keys(container.resources?.limits ?? {})
      .flatMap((resource) => DEVICE_FILES[resource] ?? [])
      .sort(),
    addedCapabilities: [...(capabilities?.add ?? [])].sort(),
    hasDefaultCapabilities: capabilities?.drop?.includes('ALL') !== true,
    mayGainPrivileges: security.allowPrivilegeEscalation !== false,
    hasReadOnlyRoot: security.readOnlyRootFilesystem === true,
    hasSeccomp: true,
  };
}

/** Mounts that the kubelet and the runtime add to every container. */
const OF_EVERY_CONTAINER = /^\/(?:proc|sys|dev)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf)$/;

/** Environment variables that the runtime, the image and the service of the API server give. */
const OF_EVERY_PROCESS = /^(?:PATH|HOME|HOSTNAME|KUBERNETES_\w+)=/;

export function factsOfRuntime({ process, root, mounts, linux }: RuntimeContainer, model: ModelContainer): Facts {
  const capabilities = (process.capabilities?.bounding ?? []).map((name) => name.replace(/^CAP_/, ''));
  const isAdded = (name: string): boolean => model.securityContext?.capabilities?.add?.includes(name) === true;
  const defaults = capabilities.filter((name) => DEFAULT_CAPABILITIES.includes(name));
  return {
    env: Object.fromEntries(
      process.env
        .filter((text) => !OF_EVERY_PROCESS.test(text))
        .map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
    ),
    user: model.securityContext?.runAsUser === undefined ? undefined : process.user.uid,
    groups: [...new Set([process.user.gid, ...(process.user.additionalGids ?? [])])].filter((id) => id !== 0),
    mounts: mounts
      .filter(({ destination }) => !OF_EVERY_CONTAINER.test(destination))
      .map(({ destination, options = [] }) => mountText(destination, options.includes('ro')))
      .sort(),
    devices: (linux.devices ?? []).map(({ path }) => path).sort(),
    addedCapabilities: capabilities.filter(isAdded).sort(),
    hasDefaultCapabilities: defaults.length > 0,
    mayGainPrivileges: process.noNewPrivileges !== true,
    hasReadOnlyRoot: root.readonly === true,
    hasSeccomp: linux.seccomp !== undefined,
  };
}

const mountText = (path: string, isReadOnly: boolean): string => `${path}${isReadOnly ? ' read-only' : ''}`;
