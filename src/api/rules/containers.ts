import { error, warning, type Rule } from './rule';
import type { SessionValues } from '../values/schema';

export const CONTAINERS = [
  ['initContainers', 'rootfs'],
  ['initContainers', 'network'],
  ['firecracker'],
  ['terminal'],
  ['codeServer'],
] as const;

export type ContainerPath = (typeof CONTAINERS)[number];

export const containerOf = (values: SessionValues, path: ContainerPath) =>
  path[0] === 'initContainers' ? values.initContainers[path[1]] : values[path[0]];

/** The images expect these variables. */
export const CONTRACT: Readonly<Record<string, readonly string[]>> = {
  'initContainers.rootfs': ['IMAGE_DOWNLOAD_URL', 'IMAGE_SIZE', 'IMAGE_PATH'],
  'initContainers.network': ['GATEWAY_IP', 'VM_IP', 'POD_IP', 'TAP_DEVICE'],
  firecracker: [
    'SESSION_ID',
    'ROOTFS_PATH',
    'KERNEL_PATH',
    'CPU_COUNT',
    'MEMORY',
    'GATEWAY_IP',
    'VM_IP',
    'TAP_DEVICE_NAME',
  ],
  terminal: ['SESSION_ID', 'VM_IP', 'VM_SSH_PORT'],
  codeServer: ['PASSWORD', 'SESSION_ID', 'DOCKER_HOST'],
};

export const contractIsKept: Rule = (values) =>
  CONTAINERS.flatMap((path) =>
    containerOf(values, path).extraEnv.flatMap(({ name }, index) =>
      CONTRACT[path.join('.')]?.includes(name) === true
        ? [
            error(
              [...path, 'extraEnv', index, 'name'],
              `is ${name}, which the session sets itself; accepted: another name`,
            ),
          ]
        : [],
    ),
  );

export const imagesAreFixed: Rule = (values) =>
  CONTAINERS.flatMap((path) => {
    const { image, tag, digest } = containerOf(values, path);
    const own = /@|:[^/]*$/.exec(image)?.[0];
    if (own !== undefined && (digest !== undefined || tag !== 'latest')) {
      const key = digest !== undefined ? 'digest' : 'tag';
      return [warning([...path, key], `has no effect: ${image} says itself which image it is`, 'has-no-effect')];
    }
    if (own === ':latest' || (own === undefined && digest === undefined && tag === 'latest')) {
      return [
        warning(
          [...path, own === undefined ? 'tag' : 'image'],
          'is latest, which may be another image tomorrow; better a version or a digest',
          'moving-image',
        ),
      ];
    }
    return [];
  });

export const tcpProbesHaveNoPath: Rule = ({ firecracker }) =>
  (['livenessProbe', 'readinessProbe'] as const).flatMap((name) =>
    firecracker[name].path === undefined
      ? []
      : [warning(['firecracker', name, 'path'], 'has no effect: this probe opens a TCP connection', 'has-no-effect')],
  );
