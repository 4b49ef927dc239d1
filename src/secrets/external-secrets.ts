import type { z } from 'zod';
import { EXTERNAL_SECRET_CHART, type ExternalSecretValues } from '../constructs/session/external-secret';
import { flag, matching, object, objectName, oneOf, section } from '../api/values/fields';
import { secretKey } from '../api/values/kubernetes';
import type { SessionValues } from '../api/values/schema';
import { WRITE } from '../constructs/namespace/namespace-role';
import { DozlabError } from '../core/errors';
import type { SessionSecret } from '../model/session';
import { IN_CLUSTER } from './cluster';
import type { SecretProvider } from './provider';

const schema = section({
  secretStoreRef: object({
    name: objectName().meta({ description: 'Name of the store.' }),
    kind: oneOf('SecretStore', 'ClusterSecretStore')
      .default('SecretStore')
      .meta({ description: 'A store of the namespace, or of the whole cluster.' }),
  })
    .optional()
    .meta({
      description:
        'Store of the passwords, such as one for Vault. Without it, the operator makes passwords in the cluster and keeps them there.',
    }),
  path: matching(
    /^([A-Za-z0-9_./-]|\{namespace\})*\{id\}([A-Za-z0-9_./-]|\{namespace\}|\{id\})*$/,
    'a path of letters, digits, / . _ and -, with {id} for the session and, if wanted, {namespace} for its namespace',
  )
    .default('dozlab/sessions/{id}')
    .meta({
      description: 'Path of a password in the store; {id} is the session, {namespace} its namespace.',
    }),
  property: secretKey().default('vscode_password').meta({ description: 'Key of the password at that path.' }),
  push: flag()
    .default(true)
    .meta({ description: 'Make the password and write it to the store if the store has none; false only reads it.' }),
}).meta({ description: 'For the provider external-secrets.' });

type Settings = z.output<typeof schema>;
type Secret = SessionSecret<Settings>;

export const externalSecrets: SecretProvider<Settings> = {
  name: 'external-secrets',
  summary: 'External Secrets Operator',
  settings: { key: 'externalSecrets', schema },
  needsPassword: false,
  secretName: (name, generation) => `${name}-${String(generation)}`,
  permissions: [
    {
      apiGroup: 'external-secrets.io',
      resources: ['externalsecrets', 'pushsecrets'],
      verbs: WRITE,
      purpose: 'apply and remove passwords of External Secrets',
    },
    {
      apiGroup: 'generators.external-secrets.io',
      resources: ['passwords'],
      verbs: WRITE,
      purpose: 'apply and remove what External Secrets makes passwords by',
    },
  ],
  kinds: [
    { group: 'external-secrets.io', kind: 'ExternalSecret' },
    { group: 'external-secrets.io', kind: 'PushSecret' },
    { group: 'generators.external-secrets.io', kind: 'Password' },
  ],
  checkTogether(sessions) {
    const first = new Map<string, string>();
    return sessions.flatMap(({ file, secret }) => {
      const { secretStoreRef: store, push } = secret.settings;
      // Stores of a namespace may be different stores.
      if (store?.kind !== 'ClusterSecretStore' || !push) return [];
      const path = storePath(secret);
      const place = `${store.name} ${path}`;
      const other = first.get(place);
      first.set(place, other ?? file);
      if (other === undefined) return [];
      const message = `has its password at ${path} in the store ${store.name}, like ${other}. Fix: use another id, or {namespace} in spec.secrets.externalSecrets.path`;
      return [{ file, message }];
    });
  },
  requirements({ settings: { secretStoreRef: store, push }, place }) {
    const operator = (name: string) => ({
      kind: 'CustomResourceDefinition',
      name,
      use: 'passwords, with External Secrets',
    });
    const secret = operator('externalsecrets.external-secrets.io');
    const generator = operator('passwords.generators.external-secrets.io');
    if (store === undefined) return [secret, generator];
    const scope = store.kind === 'SecretStore' ? { namespace: place.namespace } : {};
    const made = push ? [generator, operator('pushsecrets.external-secrets.io')] : [];
    return [secret, ...made, { kind: store.kind, name: store.name, use: 'passwords', ...scope }];
  },
  files: ({ values, secret }) => ({ chart: EXTERNAL_SECRET_CHART, values: chartValues(values, secret) }),
  set({ settings: { secretStoreRef: store }, generation }, given) {
    if (given === undefined) return { generation: generation + 1 };
    const orStore = store === undefined ? '' : `, or write it to the store ${store.name}`;
    throw new DozlabError(
      'unsupported',
      `the provider external-secrets makes passwords in the cluster and takes none. Fix: make another with dozlab secret rotate${orStore}`,
    );
  },
  ...IN_CLUSTER,
};

const storePath = ({ settings, place }: Secret): string =>
  settings.path.replaceAll('{id}', place.session).replaceAll('{namespace}', place.namespace);

function chartValues({ session, labels, annotations }: SessionValues, secret: Secret): ExternalSecretValues {
  const { place, generation, settings } = secret;
  const { secretStoreRef: store, property, push } = settings;
  return {
    session,
    labels,
    annotations,
    secret: {
      name: place.name,
      key: place.key,
      source: store === undefined ? 'generator' : 'store',
      push,
      storeName: store?.name ?? '',
      storeKind: store?.kind ?? '',
      path: storePath(secret),
      // A new property: otherwise the operator reads the old password until it writes the new one.
      property: push && generation > 1 ? `${property}_${String(generation)}` : property,
    },
  };
}
