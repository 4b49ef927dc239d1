import type { z } from 'zod';
import { chartLayer, type DocumentParts, infraLayer, maxSessions, secretsLayer, document, values } from './document';
import { deliverySchema } from './settings/deliveries';
import { fileName, labelName, matching, oneLine, section } from './values/fields';

/** `lab-` plus the name must be a valid namespace. */
export const cohortName = () =>
  fileName(
    matching(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
      'at most 59 of a-z, 0-9 and -, with a letter or digit at both ends',
      59,
    ),
  );

export const cohortDocumentWith = (parts: DocumentParts) =>
  document(
    'Cohort',
    cohortName(),
    section({
      description: oneLine(256).optional().meta({ description: 'Description of the cohort.' }),
      namespace: fileName(labelName())
        .optional()
        .meta({ description: 'Namespace of its sessions. Default: lab-<name>.' }),
      delivery: deliverySchema(parts.deliveries).optional(),
      maxSessions: maxSessions(),
      secrets: secretsLayer(parts.secrets),
      infra: infraLayer(),
      chart: chartLayer(),
      shard: labelName()
        .optional()
        .meta({ description: 'The shard of Flux that applies its sessions: one of spec.flux.shards of dozlab.yaml.' }),
      values: values('Values of the sessions of this cohort, over the lab’s values.'),
    }).meta({ description: 'The cohort.' }),
  );

export type CohortContent = z.output<ReturnType<typeof cohortDocumentWith>>;
