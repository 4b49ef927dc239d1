import type { z } from 'zod';
import { document, values } from './document';
import { fileName, labelName, matching, object, oneLine } from './values/fields';
import { DISK_SIZE } from './values/sizing';

const diskSize = (description: string) =>
  matching(DISK_SIZE, 'a whole number and K, M, G or T, such as 4G', 10).meta({ description });

export const labDocument = document(
  'Lab',
  fileName(labelName()),
  object({
    description: oneLine(256).optional().meta({ description: 'Content of the lab.' }),
    useCase: oneLine(256).optional().meta({ description: 'Purpose of the lab.' }),
    diskSize: object({ min: diskSize('Smallest sensible disk.'), max: diskSize('Largest sensible disk.') })
      .optional()
      .meta({ description: 'Sensible disk sizes. validate warns about others.' }),
    values: values('Values of the sessions of this lab, over the project’s values.'),
  }).meta({ description: 'The lab.' }),
);

export type LabContent = z.output<typeof labDocument>;
