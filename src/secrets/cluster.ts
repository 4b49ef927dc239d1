import { DozlabError } from '../core/errors';
import { maskSecret, safeMessage } from '../core/redact';
import type { Kubectl } from '../kube/kubectl';
import type { SecretPlace, SessionSecret } from '../model/session';
import { MADE_AT } from './password';
import type { LiveSecret, PasswordState, RevealContext, SecretWrite } from './provider';

export const listSecrets = (kubectl: Kubectl, namespace: string): LiveSecret[] =>
  kubectl
    .secrets(namespace, MADE_AT)
    .map(({ name, keys, created, annotation }) => ({ name, keys, madeAt: annotation === '' ? created : annotation }));

/** @throws DozlabError with code `invalid-secret` if the Secret must exist and does not */
export function writeSecret(
  kubectl: Kubectl,
  { name, namespace, key }: SecretPlace,
  { password, base, mustExist }: SecretWrite,
  madeAt: Date,
): void {
  if (mustExist !== undefined && listSecrets(kubectl, namespace).every((secret) => secret.name !== name))
    throw new DozlabError('invalid-secret', mustExist);
  const { labels, ...type } = base ?? {};
  const annotations = { [MADE_AT]: madeAt.toISOString() };
  kubectl.apply('to write a Secret', {
    apiVersion: 'v1',
    kind: 'Secret',
    ...type,
    metadata: { ...(labels === undefined ? {} : { labels }), name, namespace, annotations },
    data: { [key]: maskSecret(Buffer.from(password).toString('base64')) },
  });
}

/** @throws DozlabError with code `invalid-secret` if the Secret has no such key */
export function readSecret(kubectl: Kubectl, { name, namespace, key }: SecretPlace): string {
  const found = kubectl.secretValue(name, namespace, key);
  if (found === undefined)
    throw new DozlabError(
      'invalid-secret',
      safeMessage(`the Secret ${name} in the namespace ${namespace} has no key ${key}`),
    );
  return maskSecret(found);
}

export const IN_CLUSTER = {
  status({ place }: SessionSecret, live: (namespace: string) => readonly LiveSecret[] | undefined): PasswordState {
    const secrets = live(place.namespace);
    if (secrets === undefined) return { state: 'unknown' };
    const secret = secrets.find(({ name, keys }) => name === place.name && keys.includes(place.key));
    return secret === undefined ? { state: 'missing' } : { state: 'present', madeAt: secret.madeAt };
  },
  reveal: ({ place }: SessionSecret, { readSecret: read }: RevealContext): string => read(place),
};
