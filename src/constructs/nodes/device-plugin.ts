import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Device } from '../../model/project';
import { MANAGED_LABELS } from '../namespace/labels';

export interface DevicePluginProps {
  readonly namespace: string;
  readonly image: string;
  /** @default - Kubernetes decides by the tag */
  readonly imagePullPolicy?: string | undefined;
  /** @default - none */
  readonly imagePullSecrets?: readonly string[];
  readonly devices: readonly Device[];
  readonly count: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

const PLUGINS = '/var/lib/kubelet/device-plugins';

/**
 * Gives unprivileged pods access to devices (Kubernetes, "Device Plugins"). The plugin is privileged: it registers with
 * the kubelet by a socket.
 */
export class DevicePlugin extends Construct {
  constructor(scope: Construct, id: string, props: DevicePluginProps) {
    super(scope, id);
    const { imagePullSecrets = [] } = props;
    const labels = { 'app.kubernetes.io/name': 'device-plugin' };
    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: { name: 'device-plugin', namespace: props.namespace, labels: { ...MANAGED_LABELS, ...labels } },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: 'RollingUpdate' },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: 'system-node-critical',
            nodeSelector: isEmpty(props.nodeSelector) ? undefined : { ...props.nodeSelector },
            tolerations: [
              { operator: 'Exists', effect: 'NoExecute' },
              { operator: 'Exists', effect: 'NoSchedule' },
            ],
            containers: domainsOf(props.devices).map((domain, index) => container(domain, index, props)),
            imagePullSecrets: isEmpty(imagePullSecrets) ? undefined : imagePullSecrets.map((name) => ({ name })),
            volumes: [
              { name: 'device-plugins', hostPath: { path: PLUGINS } },
              { name: 'dev', hostPath: { path: '/dev' } },
            ],
          },
        },
      },
    });
  }
}

function container(
  domain: string,
  index: number,
  { image, imagePullPolicy, devices, count }: DevicePluginProps,
): k8s.Container {
  const groups = devices
    .filter(({ resource }) => domainOf(resource) === domain)
    .map(({ resource, path }) => JSON.stringify({ name: nameOf(resource), groups: [{ count, paths: [{ path }] }] }));
  return {
    name: index === 0 ? 'device-plugin' : `device-plugin-${String(index + 1)}`,
    image,
    imagePullPolicy,
    args: [
      '--domain',
      domain,
      ...groups.flatMap((group) => ['--device', group]),
      '--listen',
      `:${String(8080 + index)}`,
    ],
    securityContext: { privileged: true },
    resources: {
      requests: { cpu: k8s.Quantity.fromString('50m'), memory: k8s.Quantity.fromString('32Mi') },
      limits: { cpu: k8s.Quantity.fromString('200m'), memory: k8s.Quantity.fromString('64Mi') },
    },
    volumeMounts: [
      { name: 'device-plugins', mountPath: PLUGINS },
      { name: 'dev', mountPath: '/dev' },
    ],
  };
}

const isEmpty = (given: object): boolean => Object.keys(given).length === 0;
const domainOf = (resource: string): string => resource.slice(0, resource.indexOf('/'));
const nameOf = (resource: string): string => resource.slice(resource.indexOf('/') + 1);
const domainsOf = (devices: readonly Device[]): string[] => [
  ...new Set(devices.map(({ resource }) => domainOf(resource))),
];
