import type { z } from 'zod';
import { flag, matching, object, section } from '../values/fields';
import { secretReference } from './flux';

export const chartSettings = section({
  version: matching(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$/, 'a version such as 0.1.0', 64)
    .optional()
    .meta({
      description:
        'Chart version of the releases: the folder charts/lab-session-<version>, or a version of oci. Without it, releases follow dist/charts/lab-session.',
    }),
  oci: object({
    url: matching(
      /^oci:\/\/[A-Za-z0-9][-A-Za-z0-9.:_~/]*$/,
      'a URL such as oci://registry.example.com/charts/lab-session',
      2048,
    ).meta({
      description: 'Repository of the chart in a registry.',
    }),
    digest: matching(/^sha256:[a-f0-9]{64}$/, 'sha256: and 64 hex digits', 71)
      .optional()
      .meta({ description: 'Digest that the chart must have.' }),
    secretRef: secretReference('the registry'),
    insecure: flag().default(false).meta({ description: 'Reach the registry without TLS.' }),
  })
    .optional()
    .meta({
      description:
        'A registry with the chart, instead of the repository: url (oci://…), and optionally digest, secretRef and insecure.',
    }),
}).meta({ description: 'Source of the chart, for the delivery helm.' });

export type ChartSettings = z.output<typeof chartSettings>;
