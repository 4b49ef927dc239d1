import { nodeSettings } from '../infra/settings';
import type { RenderedNodes } from '../output/nodes';
import { imagesOf, projectLabValues } from './lab-values';
import type { LoadedProject } from './load';

/** The devices that a microVM needs, as nodes have them. */
const DEVICE_PATHS = { kvm: '/dev/kvm', tun: '/dev/net/tun' } as const;

/** What nodes are to do for the sessions of a project. */
export function resolveNodes(loaded: LoadedProject): RenderedNodes {
  const labs = loaded.labs.flatMap((lab) => {
    const values = projectLabValues(loaded, lab);
    return values === undefined ? [] : [{ name: lab.name, values }];
  });
  const devices = labs.flatMap(({ values }) =>
    (['kvm', 'tun'] as const).map((device) => ({
      resource: values.firecracker.devices[device],
      path: DEVICE_PATHS[device],
    })),
  );
  return {
    settings: loaded.project.document?.spec.nodes ?? nodeSettings.parse(undefined),
    devices: Array.from(new Map(devices.map((device) => [device.resource, device])).values()).filter(
      ({ resource }) => resource !== '',
    ),
    labs: labs.map(({ name, values }) => ({
      name,
      images: Array.from(new Set(imagesOf(values).map(({ image }) => image))).sort(),
    })),
  };
}
