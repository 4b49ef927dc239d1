import { z } from 'zod';
import { dateTime, flag, labelName, matching, object, oneLine, oneOf, section, whole } from './values/fields';
import { execBackendSettings } from './settings/exec-backend';
import { chartSettings, fluxSettings, infraSettings, nodeSettings } from './settings/infra';
import type { SecretsSettings } from './settings/secrets';
import { expirySettings } from './settings/expiry';
import { prices } from './settings/prices';
import { layerOf, valuesLayer } from './values/overrides';
import { sessionId, userId } from './values/schema';
import { DISK_SIZE } from './values/sizing';
import type { Mapping } from '@dozlab/charts/schema';

/** The files of a project, each shaped like a Kubernetes object. */

export const API_VERSION = 'dozlab.io/v1alpha1';

const DELIVERIES = ['kustomize', 'helm'] as const;

const delivery = () =>
  oneOf(...DELIVERIES).meta({
    description:
      'How Flux is to bring sessions into the cluster: kustomize applies the manifests of dist/sessions, helm installs the chart of dist/charts. Both are in dist/, whichever is chosen.',
  });

const secrets = (schema: z.ZodType<SecretsSettings>) =>
  (layerOf(schema) as z.ZodType<Mapping | null>)
    .optional()
    .meta({ description: 'Where the passwords of sessions come from.' });

const infra = () =>
  (layerOf(infraSettings) as z.ZodType<Mapping | null>)
    .optional()
    .meta({ description: 'What stands around the sessions of a cohort, in its namespace.' });

const chart = () =>
  (layerOf(chartSettings) as z.ZodType<Mapping | null>)
    .optional()
    .meta({ description: 'For the delivery helm: where the chart comes from.' });

const maxSessions = () =>
  whole(1, 100_000).optional().meta({
    description:
      'How many sessions of a cohort may run at the same time: its quota is computed from it. Not given, there is no quota unless spec.infra.quota says so.',
  });

const document = <K extends string, S extends z.ZodType>(kind: K, name: z.ZodType<string>, spec: S) =>
  object({
    apiVersion: z.literal(API_VERSION, { error: API_VERSION }).meta({ description: 'Version of this form.' }),
    kind: z.literal(kind, { error: kind }).meta({ description: 'What the file describes.' }),
    metadata: object({ name: name.meta({ description: 'Its name.' }) }).meta({ description: 'What it is called.' }),
    spec,
  });

const values = (description: string) =>
  (valuesLayer as unknown as z.ZodType<Mapping | null>)
    .optional()
    .meta({ description: `${description} \`dozlab explain\` lists them.` });

/** A cohort's name: its namespace is made of it when it is not given. */
export const cohortName = () =>
  matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'at most 59 of a-z, 0-9 and -, with a letter or digit at both ends', 59);

/**
 * `dozlab.yaml`: what holds for all sessions.
 * @param secretsSchema schema of `spec.secrets`, which providers of passwords make
 */
export const projectDocumentWith = (secretsSchema: z.ZodType<SecretsSettings>) =>
  document(
    'Project',
    labelName(),
    section({
      delivery: delivery().default('kustomize'),
      maxSessions: maxSessions(),
      secrets: secrets(secretsSchema),
      infra: infra(),
      chart: chart(),
      nodes: nodeSettings,
      flux: fluxSettings,
      expiry: expirySettings,
      prices: prices.optional(),
      execBackend: execBackendSettings.unwrap().optional().meta({
        description: 'The exec backend; an empty mapping takes all defaults. Not written when it is not given.',
      }),
      values: values('Values of all sessions.'),
    }).meta({ description: 'What holds for all sessions.' }),
  );

const diskSize = (what: string) =>
  matching(DISK_SIZE, 'a whole number and K, M, G or T, such as 4G', 10).meta({ description: what });

/** `labs/<name>.yaml`: a kind of lab. */
export const labDocument = document(
  'Lab',
  labelName(),
  object({
    description: oneLine(256).optional().meta({ description: 'What the lab offers.' }),
    useCase: oneLine(256).optional().meta({ description: 'What it is meant for.' }),
    diskSize: object({ min: diskSize('Smallest sensible disk.'), max: diskSize('Largest sensible disk.') })
      .optional()
      .meta({ description: 'Disk sizes that make sense; validate warns about others.' }),
    values: values('Values of the sessions of this lab, over those of the project.'),
  }).meta({ description: 'The lab.' }),
);

/** `sessions/<cohort>/cohort.yaml`: a group of sessions that share a namespace. */
export const cohortDocumentWith = (secretsSchema: z.ZodType<SecretsSettings>) =>
  document(
    'Cohort',
    cohortName(),
    section({
      description: oneLine(256).optional().meta({ description: 'What the cohort is.' }),
      namespace: labelName()
        .optional()
        .meta({ description: 'Namespace of its sessions; lab-<name> when it is not given.' }),
      delivery: delivery().optional(),
      maxSessions: maxSessions(),
      secrets: secrets(secretsSchema),
      infra: infra(),
      chart: chart(),
      shard: labelName()
        .optional()
        .meta({ description: 'The shard of Flux that brings its sessions: one of spec.flux.shards of dozlab.yaml.' }),
      values: values('Values of the sessions of this cohort, over those of their lab.'),
    }).meta({ description: 'The cohort.' }),
  );

/** The greatest number of a session's password. */
export const MOST_GENERATIONS = 1_000_000;

/** `sessions/<cohort>/<id>.yaml`: one session. */
export const sessionDocument = document(
  'LabSession',
  sessionId(),
  object({
    userId: userId().meta({ description: 'Whom the session is for: any text on one line.' }),
    lab: labelName().meta({ description: 'The lab: a file of that name in labs/.' }),
    expiresAt: dateTime().optional().meta({ description: 'When the session ends, such as 2027-01-31T18:00:00Z.' }),
    suspended: flag().optional().meta({
      description:
        'true stops the session, false starts it again. Not given, that is left to whoever does it in the cluster.',
    }),
    secretGeneration: whole(1, MOST_GENERATIONS).optional().meta({
      description:
        "Which password the session has: the next number makes another one. For the provider external-secrets, whose rotation counts it up. A change replaces the session's pod.",
    }),
    values: values('Values of this session, over those of its cohort.'),
  }).meta({ description: 'The session.' }),
);

/** The keys of a session in the order in which they are written. */
export const SESSION_KEYS: readonly string[] = Object.keys(sessionDocument.shape.spec.shape);

export type ProjectDocument = z.output<ReturnType<typeof projectDocumentWith>>;
export type LabDocument = z.output<typeof labDocument>;
export type CohortDocument = z.output<ReturnType<typeof cohortDocumentWith>>;
export type SessionDocument = z.output<typeof sessionDocument>;
