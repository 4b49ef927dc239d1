import type { z } from 'zod';
import { flag, labelMap, listField, matching, objectName, section, whole } from '../values/fields';

const image = (given: string) => matching(/^[a-zA-Z0-9][-a-zA-Z0-9._/:@]*$/, 'an image reference', 512).default(given);

export const nodeSettings = section({
  devicePlugin: section({
    enabled: flag().default(false).meta({
      description:
        'Write a DaemonSet that offers /dev/kvm and /dev/net/tun, with the resource names in the value firecracker.devices.',
    }),
    image: image('squat/generic-device-plugin:latest').meta({
      description:
        'Image of the generic device plugin. The values imagePullPolicy and imagePullSecrets of the project hold for it.',
    }),
    count: whole(1, 10_000).default(100).meta({ description: 'The most sessions a node gives the devices to.' }),
    nodeSelector: labelMap().default({}).meta({ description: 'Labels of the nodes with the devices.' }),
  }).meta({ description: 'The devices that the microVM needs.' }),
  prePull: section({
    enabled: flag()
      .default(false)
      .meta({ description: 'Write a DaemonSet for each lab that pulls its images onto the nodes.' }),
    labs: listField(objectName()).default([]).meta({ description: 'The labs. Default: all.' }),
    pauseImage: image('registry.k8s.io/pause:3.10').meta({
      description: 'Image of the container that remains after the pull.',
    }),
    copyImage: image('busybox:stable-musl').meta({
      description:
        'Image with a statically linked busybox, which runs in the other images: they may have no program that ends.',
    }),
    imagePullSecrets: listField(objectName())
      .refine((names) => new Set(names).size === names.length, { error: 'a list that names each Secret once' })
      .default([])
      .meta({
        description:
          'Secrets with registry credentials, in the namespace dozlab-pre-pull, beside the Secrets in the value imagePullSecrets.',
      }),
    nodeSelector: labelMap().default({}).meta({ description: 'Labels of the nodes.' }),
  }).meta({ description: 'Pull images onto the nodes before a class begins.' }),
  priorityClass: section({
    enabled: flag()
      .default(false)
      .meta({ description: 'Write a PriorityClass, for sessions whose value priorityClassName names it.' }),
    name: objectName()
      .refine((name) => !name.startsWith('system-'), {
        error: 'any other name: Kubernetes reserves names that begin with system-',
      })
      .default('dozlab-session')
      .meta({ description: 'Its name.' }),
    value: whole(-2_000_000_000, 1_000_000_000)
      .default(1000)
      .meta({ description: 'Priority. A higher number comes first.' }),
    preempts: flag().default(false).meta({ description: 'Whether sessions may evict pods of lower priority.' }),
  }).meta({ description: 'Priority of sessions over other pods.' }),
}).meta({ description: 'Settings of nodes and scheduling.' });

export type NodeSettings = z.output<typeof nodeSettings>;
