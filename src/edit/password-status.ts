import { parseDocument } from 'yaml';
import { at } from '@dozlab/charts/schema';
import { SEALED_WITH, scopeOf } from '../secrets/sealed-secret';
import { MADE_AT } from '../secrets/secret-ref';
import { hasFile } from '../secrets/provider';
import type { SessionSecret, Session } from '../model/session';
import { sopsMetadata } from '../secrets/sops';
import type { Provider } from '../api/settings/secrets';
import type { Kubectl, LiveSecret } from '../kube/kubectl';

/** What is known of a session's password, without the password. */
export interface PasswordStatus {
  readonly cohort: string;
  readonly session: string;
  readonly provider: Provider;
  readonly namespace: string;
  /** Name of the Secret. */
  readonly secret: string;
  /** Key of the password in the Secret. */
  readonly key: string;
  /** Whether it is there: `unreadable` when its file is there but cannot be read, `unknown` when the cluster cannot be asked. */
  readonly state: 'present' | 'missing' | 'unreadable' | 'unknown';
  /** When it was made, as RFC 3339, if that is known. */
  readonly madeAt?: string;
  /** What opens it: the certificate and scope it is sealed with, or the recipients it is encrypted for. */
  readonly openedBy?: string;
}

/** The status of sessions' passwords: of those in Git by their files, of the others by asking the cluster, once for each namespace. */
export function passwordStatus(sessions: readonly Session[], kubectl: Kubectl | undefined): PasswordStatus[] {
  const listed = new Map<string, readonly LiveSecret[] | undefined>();
  const inCluster = (namespace: string): readonly LiveSecret[] | undefined => {
    if (!listed.has(namespace)) listed.set(namespace, kubectl?.list(namespace));
    return listed.get(namespace);
  };
  return sessions.map(({ id, cohort, secret }) => {
    const { namespace, name, key } = secret.place;
    const known = hasFile(secret.provider) ? inFile(secret) : live(secret, inCluster(namespace));
    return { cohort, session: id, provider: secret.provider, namespace, secret: name, key, ...known };
  });
}

type Known = Pick<PasswordStatus, 'state' | 'madeAt' | 'openedBy'>;

function live({ place }: SessionSecret, secrets: readonly LiveSecret[] | undefined): Known {
  if (secrets === undefined) return { state: 'unknown' };
  const secret = secrets.find(({ name, keys }) => name === place.name && keys.includes(place.key));
  return secret === undefined ? { state: 'missing' } : { state: 'present', madeAt: secret.madeAt };
}

function inFile({ provider, text, isUnreadable }: SessionSecret): Known {
  if (text === undefined) return { state: isUnreadable === true ? 'unreadable' : 'missing' };
  const content: unknown = parseDocument(text).toJS();
  if (provider === 'sops') {
    const { lastModified, recipients = [] } = sopsMetadata(content) ?? {};
    return {
      state: 'present',
      ...timeOf(lastModified),
      openedBy: recipients.length === 0 ? 'keys that only sops knows' : recipients.map(shownRecipient).join(', '),
    };
  }
  const annotation = (name: string): unknown => at(content, ['metadata', 'annotations', name]);
  const madeAt = annotation(MADE_AT);
  const certificate = annotation(SEALED_WITH);
  return {
    state: 'present',
    ...timeOf(madeAt),
    openedBy: `${scopeOf(content)}, certificate ${typeof certificate === 'string' && /^[0-9a-f]+$/.test(certificate) ? certificate.slice(0, 16) : 'not known'}`,
  };
}

/** What files say is shown only as far as it has the form it should have: people can write anything into them. */
const shownRecipient = (recipient: string): string =>
  /^[a-z0-9]+$/.test(recipient) ? recipient : 'a key that is none';

const timeOf = (time: unknown): { madeAt?: string } =>
  typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? { madeAt: new Date(time).toISOString() } : {};
