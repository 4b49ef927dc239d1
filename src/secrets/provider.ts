import type { ExternalSecretValues } from '../api/values/external-secret';
import type { SessionValues } from '../api/values/schema';
import type { SessionSecret } from '../model/session';
import type { Provider, SecretsSettings } from '../api/settings/secrets';

/** The providers whose passwords lie, sealed or encrypted, in files of the project. */
export const hasFile = (provider: Provider): provider is 'sealed-secrets' | 'sops' =>
  provider === 'sealed-secrets' || provider === 'sops';

/** The file of a session's password. */
export const secretFile = (cohort: string, session: string): string => `secrets/${cohort}/${session}.yaml`;

/**
 * The secret of a session.
 * @param generation a new one needs a Secret of another name, as that of External Secrets never changes
 */
export function sessionSecret(
  { session, codeServer }: SessionValues,
  namespace: string,
  settings: SecretsSettings,
  generation: number,
): SessionSecret {
  const { existingSecret, existingSecretKey: key } = codeServer;
  const provider = existingSecret === undefined ? settings.provider : 'existing';
  const counted = provider === 'external-secrets' ? generation : 1;
  const name = existingSecret ?? `lab-session-${session.id}-secrets${counted === 1 ? '' : `-${String(counted)}`}`;
  return { provider, settings, generation: counted, place: { namespace, name, key, session: session.id } };
}

/** Where the store keeps a session's password. */
export const storePath = ({ settings, place }: SessionSecret): string =>
  settings.externalSecrets.path.replaceAll('{id}', place.session).replaceAll('{namespace}', place.namespace);

/** What the objects of External Secrets are made of. */
export function externalSecretValues(values: SessionValues, secret: SessionSecret): ExternalSecretValues {
  const { session, labels, annotations } = values;
  const { place, generation, settings } = secret;
  const { secretStoreRef: store, property, push } = settings.externalSecrets;
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
      // Beside the older one, so that nobody reads that in place of one that is not written yet.
      property: push && generation > 1 ? `${property}_${String(generation)}` : property,
    },
  };
}
