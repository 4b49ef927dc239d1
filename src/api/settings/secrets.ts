import { type z } from 'zod';
import { flag, list, matching, object, objectName, oneLine, oneOf, section, webAddress } from '../values/fields';
import { secretKey } from '../values/kubernetes';

/** Where the passwords of sessions come from. */
export const PROVIDERS = ['existing', 'generated', 'external-secrets', 'sealed-secrets', 'sops'] as const;

export type Provider = (typeof PROVIDERS)[number];

/** How far a SealedSecret may be moved before it no longer opens (Sealed Secrets, "Scopes"). */
export const SCOPES = ['strict', 'namespace-wide', 'cluster-wide'] as const;

export type Scope = (typeof SCOPES)[number];

const externalSecrets = section({
  secretStoreRef: object({
    name: objectName().meta({ description: 'Name of the store.' }),
    kind: oneOf('SecretStore', 'ClusterSecretStore')
      .default('SecretStore')
      .meta({ description: 'A store of the namespace, or of the whole cluster.' }),
  })
    .optional()
    .meta({
      description:
        'The store that keeps the passwords, such as one for Vault. Not given, they are made in the cluster and kept there alone.',
    }),
  path: matching(
    /^([A-Za-z0-9_./-]|\{namespace\})*\{id\}([A-Za-z0-9_./-]|\{namespace\}|\{id\})*$/,
    'a path of letters, digits, / . _ and -, with {id} for the session and, if wanted, {namespace} for its namespace',
  )
    .default('dozlab/sessions/{id}')
    .meta({
      description: 'Path of a password in the store; {id} stands for the session, {namespace} for its namespace.',
    }),
  property: secretKey().default('vscode_password').meta({ description: 'Key of the password at that path.' }),
  push: flag()
    .default(true)
    .meta({ description: 'Make the password and write it to the store, unless it is there; false reads it only.' }),
}).meta({ description: 'For the provider external-secrets.' });

const CERTIFICATE_FORM =
  'a path in the project, or an https or http URL without credentials, of the certificate of the controller';

const sealedSecrets = section({
  certificate: oneLine(2048, CERTIFICATE_FORM)
    .refine((source) => !source.includes('://') || webAddress().safeParse(source).success, { error: CERTIFICATE_FORM })
    .optional()
    .meta({
      description:
        'Certificate that passwords are sealed with: a path in the project or a URL (kubeseal --fetch-cert prints it).',
    }),
  scope: oneOf(...SCOPES)
    .default('strict')
    .meta({ description: 'Where a sealed password opens: under its own name, in its namespace, or anywhere.' }),
}).meta({ description: 'For the provider sealed-secrets.' });

const sops = section({
  age: list(matching(/^age1[02-9ac-hj-np-z]{58}$/, 'an age recipient: age1 and 58 characters', 62))
    .default([])
    .meta({
      description:
        'Recipients whose keys open the passwords: that of the cluster, and those of people. Empty, the rules of .sops.yaml decide, for which the program sops is needed.',
    }),
  decryptionSecret: objectName()
    .default('sops-age')
    .meta({ description: "Secret with the cluster's key, in the namespace of Flux, that Flux decrypts with." }),
}).meta({ description: 'For the provider sops.' });

/** Where passwords come from, and what each provider must know. */
export const secretsSettings = section({
  provider: oneOf(...PROVIDERS)
    .default('existing')
    .meta({
      description:
        'Where passwords come from: existing (Secrets that someone makes), generated (by Helm, in the cluster), external-secrets (External Secrets Operator), sealed-secrets (Sealed Secrets), sops (SOPS with age, decrypted by Flux).',
    }),
  externalSecrets,
  sealedSecrets,
  sops,
}).meta({ description: 'Where the passwords of sessions come from.' });

export type SecretsSettings = z.output<typeof secretsSettings>;
