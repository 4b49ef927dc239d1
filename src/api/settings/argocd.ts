import type { z } from 'zod';
import { flag, labelName, object, objectName, oneLine, section, webAddress } from '../values/fields';
import { folderPath, gitUrl } from './flux';

export const argocdSettings = object({
  name: labelName().default('dozlab').meta({ description: 'Name of the root Application and its AppProject.' }),
  namespace: labelName().default('argocd').meta({ description: 'Namespace of Argo CD and its Applications.' }),
  source: section({
    url: gitUrl()
      .optional()
      .meta({ description: 'URL of the repository of this project. Default: the URL of spec.flux.source.' }),
    revision: oneLine(244)
      .optional()
      .meta({ description: 'Branch, tag or commit. Default: the branch of spec.flux.source.' }),
    path: folderPath()
      .optional()
      .meta({ description: 'Folder of this project in the repository. Default: the path of spec.flux.source.' }),
  }).meta({ description: 'The repository that Argo CD reads.' }),
  destination: section({
    server: webAddress()
      .optional()
      .meta({ description: 'Address of the cluster of the sessions. Default: the cluster of Argo CD.' }),
    name: objectName().optional().meta({ description: 'Name that Argo CD has for this cluster, instead of server.' }),
  })
    .refine(({ server, name }) => server === undefined || name === undefined, { error: 'server or name, not both' })
    .meta({ description: 'The cluster of the sessions.' }),
  infra: flag().default(true).meta({
    description: 'Apply dist/infra, dist/nodes and dist/exec-backend too. Set false if Flux applies them.',
  }),
}).meta({
  description: 'How Argo CD applies the project. The delivery argocd needs it; an empty mapping uses all defaults.',
});

export type ArgocdSettings = z.output<typeof argocdSettings>;
