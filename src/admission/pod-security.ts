import { at, isMapping, type Path } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { podSpecOf, type Container, type PodSpec } from './resource-list';

export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

/** The API server names the check by its reason. */
type Check = readonly [
  reason: string,
  isBroken: (spec: PodSpec, annotations: Readonly<Record<string, string>>) => boolean,
];

const containersOf = ({ initContainers = [], containers = [], ephemeralContainers = [] }: PodSpec): Container[] => [
  ...initContainers,
  ...containers,
  ...ephemeralContainers,
];

const some =
  (isBad: (container: Container) => boolean) =>
  (spec: PodSpec): boolean =>
    containersOf(spec).some(isBad);

const inContext = (holder: Container | PodSpec, ...path: Path): unknown => at(holder.securityContext ?? {}, path);

/** The security contexts of the pod and of its containers. */
const someHolder =
  (isBad: (holder: Container | PodSpec) => boolean) =>
  (spec: PodSpec): boolean =>
    [spec, ...containersOf(spec)].some(isBad);

const addedCapabilities = (container: Container): readonly string[] =>
  (inContext(container, 'capabilities', 'add') ?? []) as readonly string[];

const DEFAULT_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];

const RESTRICTED_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim'],
  ...['projected', 'secret'],
];

const volumesOf = ({ volumes = [] }: PodSpec): readonly Readonly<Record<string, unknown>>[] =>
  volumes as readonly Readonly<Record<string, unknown>>[];

const hasHost = (handler: unknown): boolean =>
  isMapping(handler) && ['httpGet', 'tcpSocket'].some((way) => (at(handler, [way, 'host']) ?? '') !== '');

/** Their own user namespace relaxes some checks. */
const isRelaxed = ({ hostUsers }: PodSpec): boolean => hostUsers === false;

const procMount = some((container) => (inContext(container, 'procMount') ?? 'Default') !== 'Default');

const isProfile = (profile: unknown): boolean => profile === 'RuntimeDefault' || profile === 'Localhost';

const badSeccomp = someHolder((holder) => {
  const type = inContext(holder, 'seccompProfile', 'type');
  return type !== undefined && !isProfile(type);
});

const badAppArmor: Check[1] = (spec, annotations) =>
  someHolder((holder) => {
    const type = inContext(holder, 'appArmorProfile', 'type');
    return type !== undefined && !isProfile(type);
  })(spec) ||
  Object.entries(annotations).some(
    ([key, profile]) =>
      key.startsWith('container.apparmor.security.beta.kubernetes.io/') &&
      !(profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/')),
  );

const BASELINE: readonly Check[] = [
  ['forbidden AppArmor profile', badAppArmor],
  ['non-default capabilities', some((each) => addedCapabilities(each).some((name) => !DEFAULT_CAPABILITIES.includes(name)))], // prettier-ignore
  ['host namespaces', (spec) => ['hostNetwork', 'hostPID', 'hostIPC'].some((field) => spec[field] === true)],
  ['hostPath volumes', (spec) => volumesOf(spec).some(({ hostPath }) => hostPath !== undefined)],
  ['hostPort', some(({ ports = [] }) => ports.some(({ hostPort = 0 }) => hostPort !== 0))],
  [
    'probe or lifecycle host',
    some((container) =>
      [
        ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => container[probe]),
        ...['postStart', 'preStop'].map((hook) => at(container, ['lifecycle', hook])),
      ].some(hasHost),
    ),
  ],
  ['privileged', some((container) => inContext(container, 'privileged') === true)],
  ['procMount', (spec) => !isRelaxed(spec) && procMount(spec)],
  [
    'seLinuxOptions',
    someHolder((holder) => {
      const options = inContext(holder, 'seLinuxOptions');
      if (!isMapping(options)) return false;
      const { type = '', user = '', role = '' } = options;
      return !SELINUX_TYPES.some((each) => each === type) || user !== '' || role !== '';
    }),
  ],
  ['seccompProfile', badSeccomp],
  [
    'forbidden sysctls',
    (spec) =>
      ((inContext(spec, 'sysctls') ?? []) as readonly { readonly name: string }[]).some(
        ({ name }) => !SYSCTLS.includes(name),
      ),
  ],
  ['hostProcess', someHolder((holder) => inContext(holder, 'windowsOptions', 'hostProcess') === true)],
];

const isWindows = (spec: PodSpec): boolean => at(spec, ['os', 'name']) === 'windows';

/** Replace checks of the same reason, and those of `REPLACED`. */
const RESTRICTED: readonly Check[] = [
  [
    'allowPrivilegeEscalation != false',
    (spec) => !isWindows(spec) && some((each) => inContext(each, 'allowPrivilegeEscalation') !== false)(spec),
  ],
  [
    'unrestricted capabilities',
    (spec) =>
      !isWindows(spec) &&
      some(
        (each) =>
          !((inContext(each, 'capabilities', 'drop') ?? []) as readonly string[]).includes('ALL') ||
          addedCapabilities(each).some((name) => name !== 'NET_BIND_SERVICE'),
      )(spec),
  ],
  ['procMount', procMount],
  [
    'restricted volume types',
    (spec) => volumesOf(spec).some((volume) => !RESTRICTED_VOLUMES.some((kind) => volume[kind] !== undefined)),
  ],
  [
    'runAsNonRoot != true',
    (spec) =>
      !isRelaxed(spec) &&
      (inContext(spec, 'runAsNonRoot') === false ||
        some((each) => (inContext(each, 'runAsNonRoot') ?? inContext(spec, 'runAsNonRoot')) !== true)(spec)),
  ],
  ['runAsUser=0', (spec) => !isRelaxed(spec) && someHolder((holder) => inContext(holder, 'runAsUser') === 0)(spec)],
  [
    'seccompProfile',
    (spec) =>
      isWindows(spec)
        ? false
        : badSeccomp(spec) ||
          some((each) => !isProfile(inContext(each, 'seccompProfile', 'type') ?? inContext(spec, 'seccompProfile', 'type')))(spec), // prettier-ignore
  ],
];

const REPLACED = ['non-default capabilities', 'hostPath volumes', 'procMount', 'seccompProfile'];

/**
 * The reasons why the level does not admit a pod (Kubernetes 1.36, "Pod Security Standards", version latest).
 * `privileged` admits all.
 */
export function podSecurityReasons(level: PodSecurityLevel, pod: Manifest): string[] {
  if (level === 'privileged') return [];
  const annotations = ((pod.metadata as { annotations?: Record<string, string> }).annotations ?? {}) as Readonly<
    Record<string, string>
  >;
  const spec = podSpecOf(pod);
  const checks =
    level === 'baseline' ? BASELINE : [...BASELINE.filter(([reason]) => !REPLACED.includes(reason)), ...RESTRICTED];
  return checks.filter(([, isBroken]) => isBroken(spec, annotations)).map(([reason]) => reason);
}
