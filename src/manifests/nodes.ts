import { k8s } from 'cdk8s-plus-28';
import { DevicePlugin } from '../constructs/nodes/device-plugin';
import { ImagePrePull } from '../constructs/nodes/image-pre-pull';
import { MANAGED_LABELS } from '../constructs/namespace/labels';
import { SystemNamespace } from '../constructs/namespace/namespace';
import type { NodeSettings } from '../api/settings/nodes';
import type { OutputFile } from '@dozlab/charts';
import type { Nodes } from '../model/project';
import { manifestFile, objectsOf } from './manifest-file';

const DEVICES = 'dozlab-device-plugin';
const PRE_PULL = 'dozlab-pre-pull';

/** A node that is not ready must not block other folders. */
export function renderNodes({ settings, devices, pulling, labs }: Nodes): OutputFile[] {
  const { devicePlugin, prePull } = settings;
  const files: OutputFile[] = [];
  if (devicePlugin.enabled && devices.length > 0) {
    const objects = objectsOf((scope) => {
      new SystemNamespace(scope, 'namespace', { name: DEVICES, enforce: 'privileged' });
      new DevicePlugin(scope, 'device-plugin', { ...devicePlugin, ...pulling, namespace: DEVICES, devices });
    });
    files.push(manifestFile('nodes/device-plugin.yaml', objects));
  }
  const pulled = labs.filter(({ name }) => prePull.labs.length === 0 || prePull.labs.includes(name));
  if (!prePull.enabled || pulled.length === 0) return files;
  const namespace = objectsOf((scope) => new SystemNamespace(scope, 'namespace', { name: PRE_PULL }));
  return [
    ...files,
    manifestFile('nodes/pre-pull/namespace.yaml', namespace),
    ...pulled.map(({ name, images, imagePullPolicy, ...lab }) => {
      const imagePullSecrets = Array.from(new Set([...prePull.imagePullSecrets, ...lab.imagePullSecrets]));
      const props = { ...prePull, namespace: PRE_PULL, lab: name, images, imagePullPolicy, imagePullSecrets };
      return manifestFile(
        `nodes/pre-pull/lab-${name}.yaml`,
        objectsOf((scope) => new ImagePrePull(scope, 'pre-pull', props)),
      );
    }),
  ];
}

export function renderPriorityClass({ priorityClass }: NodeSettings): OutputFile[] {
  const { enabled, name, value, preempts } = priorityClass;
  if (!enabled) return [];
  const objects = objectsOf(
    (scope) =>
      new k8s.KubePriorityClass(scope, 'priority-class', {
        metadata: { name, labels: MANAGED_LABELS },
        value,
        preemptionPolicy: preempts ? 'PreemptLowerPriority' : 'Never',
        description: 'Lab sessions',
      }),
  );
  return [manifestFile('infra/priority-class.yaml', objects)];
}
