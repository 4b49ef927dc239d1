import { nodeSettings } from '../infra/settings';
import type { RenderedNodes } from '../output/nodes';
import { imagesOf, projectLabValues } from './lab-values';
import { settingProblem } from './layered-settings';
import type { LoadedProject } from './load';
import type { Problem } from './problem';

/** The devices that a microVM needs, as nodes have them. */
const DEVICE_PATHS = { kvm: '/dev/kvm', tun: '/dev/net/tun' } as const;

/** Labs whose images are to be pulled, and that are not there. */
function unknownLabs({ project, labs }: LoadedProject): Problem[] {
  const named = project.document?.spec.nodes.prePull.labs ?? [];
  return named.flatMap((name, index) => {
    if (labs.some((lab) => lab.name === name)) return [];
    const message = `is ${name}, but there is no labs/${name}.yaml; accepted: labs that are there, or none for all`;
    return [settingProblem('error', 'unknown-lab', ['spec', 'nodes', 'prePull', 'labs', index], message, project)];
  });
}

/** What nodes are to do for the sessions of a project. What is wrong with their settings is added to the problems. */
export function resolveNodes(loaded: LoadedProject, problems: Problem[]): RenderedNodes {
  problems.push(...unknownLabs(loaded));
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
