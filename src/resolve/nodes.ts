import { nodeSettings } from '../api/settings/nodes';
import type { SessionValues } from '../api/values/schema';
import type { Device, Nodes, Pulling } from '../model/project';
import { imagesOf, projectLabValues, projectValues } from './value-layers';
import type { Documents } from '../source/document';
import type { Diagnostics } from '../core/diagnostics';

const DEVICE_PATHS = { kvm: '/dev/kvm', tun: '/dev/net/tun' } as const;

function checkLabs({ project, labs }: Documents, diagnostics: Diagnostics): void {
  const named = project.value?.spec.nodes.prePull.labs ?? [];
  for (const [index, name] of named.entries()) {
    if (labs.some((lab) => lab.name === name)) continue;
    const message = `is ${name}, but there is no labs/${name}.yaml; accepted: labs that are there, or none for all`;
    diagnostics.error(project, ['spec', 'nodes', 'prePull', 'labs', index], 'unknown-lab', message);
  }
}

/** A plugin offers one device only. */
function checkResources({ project }: Documents, devices: readonly Device[], diagnostics: Diagnostics): void {
  const paths = new Map<string, string>();
  for (const { resource, path } of devices) {
    const other = paths.get(resource) ?? path;
    paths.set(resource, other);
    if (resource === '' || other === path) continue;
    const message = `is to offer ${resource} as ${other} for one lab and as ${path} for another; accepted: one resource for each device in values.firecracker.devices of all labs`;
    diagnostics.error(project, ['spec', 'nodes', 'devicePlugin'], 'conflict', message);
    return;
  }
}

const pullingOf = ({ imagePullPolicy, imagePullSecrets }: SessionValues): Pulling => ({
  imagePullPolicy,
  imagePullSecrets: imagePullSecrets.map(({ name }) => name),
});

export function resolveNodes(documents: Documents, diagnostics: Diagnostics): Nodes {
  checkLabs(documents, diagnostics);
  const labs = documents.labs.flatMap((lab) => {
    const values = projectLabValues(documents, lab);
    return values === undefined ? [] : [{ name: lab.name, values }];
  });
  const devices = labs.flatMap(({ values }) =>
    (['kvm', 'tun'] as const).map((device) => ({
      resource: values.firecracker.devices[device],
      path: DEVICE_PATHS[device],
    })),
  );
  const settings = documents.project.value?.spec.nodes ?? nodeSettings.parse(undefined);
  if (settings.devicePlugin.enabled) checkResources(documents, devices, diagnostics);
  return {
    settings,
    devices: Array.from(new Map(devices.map((device) => [device.resource, device])).values()).filter(
      ({ resource }) => resource !== '',
    ),
    pulling: pullingOf(projectValues(documents)),
    labs: labs.map(({ name, values }) => ({
      name,
      ...pullingOf(values),
      images: Array.from(new Set(imagesOf(values).map(({ image }) => image))).sort(),
    })),
  };
}
