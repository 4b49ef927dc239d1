import type { z } from 'zod';
import { flag, labelName, listField, matching, object, objectName, oneLine, oneOf, section } from '../values/fields';

const duration = () => matching(/^([1-9][0-9]{0,5}(ms|s|m|h))+$/, 'a time such as 30s, 5m or 1h30m', 20);

const repositoryUrl = (pattern: RegExp, accepts: string) =>
  matching(
    pattern,
    `${accepts}; for git@github.com:owner/name.git write ssh://git@github.com/owner/name.git`,
    2048,
  ).refine((url) => !/:\/\/[^/@]*:[^/@]*@/.test(url), { error: 'a URL without a password' });

export const gitUrl = () =>
  repositoryUrl(/^(https?|ssh):\/\/[A-Za-z0-9@][-A-Za-z0-9.:_~/@%]*$/, 'an https, http or ssh URL without a password');

export const folderPath = () => matching(/^\.(\/[-A-Za-z0-9._]+)*$/, 'a path such as . or ./labs');

export const secretReference = (what: string) =>
  objectName()
    .optional()
    .meta({ description: `Secret with the credentials of ${what}, in the namespace of each source.` });

const artifacts = object({
  url: matching(
    /^oci:\/\/[A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+$/,
    'a URL such as oci://registry.example.com/labs, with the path in lower case',
    2048,
  ).meta({ description: 'Registry path of the artifacts. Each cohort has a repository with its name below it.' }),
  tag: matching(/^[A-Za-z0-9_][-A-Za-z0-9._]*$/, 'a tag: at most 128 of A-Z, a-z, 0-9, -, _ and .', 128)
    .default('latest')
    .meta({ description: 'Tag that publish writes and Flux reads.' }),
  interval: duration().default('1m').meta({ description: 'Time between two checks of an artifact.' }),
  secretRef: secretReference('the registry'),
  insecure: flag().default(false).meta({ description: 'Reach the registry without TLS.' }),
});

const OWN_FILE_FORM = 'a path in fluxcd/ such as apps.yaml or sessions/, without hidden files';

export const fluxSettings = section({
  namespace: matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a namespace', 63)
    .default('flux-system')
    .meta({ description: 'Namespace of Flux, with its sources and Kustomizations.' }),
  source: section({
    kind: oneOf('GitRepository', 'OCIRepository')
      .default('GitRepository')
      .meta({ description: 'Kind of the source with the files of this project.' }),
    name: objectName()
      .default('dozlab-infra')
      .meta({ description: 'Its name. Without url, the name of a source that you make.' }),
    url: repositoryUrl(
      /^(https?|ssh|oci):\/\/[A-Za-z0-9@][-A-Za-z0-9.:_~/@%]*$/,
      'an https, http, ssh or oci URL without a password',
    )
      .optional()
      .meta({ description: 'URL of the repository of this project. Without it, you make the source.' }),
    branch: oneLine(244).default('main').meta({ description: 'Branch of a GitRepository.' }),
    tag: oneLine(128).default('latest').meta({ description: 'Tag of an OCIRepository.' }),
    secretRef: secretReference('the repository'),
    insecure: flag().default(false).meta({ description: 'Reach an OCIRepository without TLS.' }),
    interval: duration().default('1m').meta({ description: 'Time between two checks of the repository.' }),
    path: folderPath().default('.').meta({ description: 'Folder of this project in the repository.' }),
  })
    .superRefine(({ kind, url }, context) => {
      if (url !== undefined && url.startsWith('oci://') !== (kind === 'OCIRepository'))
        context.addIssue({
          code: 'custom',
          path: ['url'],
          message: kind === 'OCIRepository' ? 'an oci URL' : 'an https, http or ssh URL, or the kind OCIRepository',
        });
    })
    .meta({ description: 'The repository that Flux reads.' }),
  artifacts: artifacts.optional().meta({
    description:
      'A registry with the sessions of each cohort, which Flux reads instead of the repository: url (oci://…), and optionally tag (latest), interval (1m), secretRef and insecure. dozlab publish pushes to it.',
  }),
  shards: listField(labelName())
    .refine((names) => new Set(names).size === names.length, { error: 'a list that names each shard once' })
    .default([])
    .meta({
      description:
        'Keys of the shards of Flux. Each cohort goes to the shard that its name or spec.shard selects. The Flux without a shard applies shared objects.',
    }),
  ownFiles: listField(
    matching(/^[A-Za-z0-9_-][-A-Za-z0-9._]*(\/[A-Za-z0-9_-][-A-Za-z0-9._]*)*\/?$/, OWN_FILE_FORM, 512),
  )
    .default([])
    .meta({
      description:
        'Your own files and folders in fluxcd/, such as apps.yaml or sessions/. Flux applies them too; synth --check refuses other files there. flux-system/ of flux bootstrap needs no entry.',
    }),
  interval: duration().default('10m').meta({ description: 'Time after which Flux applies everything again.' }),
  retryInterval: duration().default('1m').meta({ description: 'Time after which Flux retries what failed.' }),
  timeout: duration().default('5m').meta({ description: 'The most time that one apply may take.' }),
}).meta({ description: 'How Flux applies the project.' });

export type FluxSettings = z.output<typeof fluxSettings>;

export type ArtifactSettings = z.output<typeof artifacts>;
