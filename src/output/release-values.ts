import { merge, type Mapping } from '../schema/tree';
import type { SessionSecret } from '../secrets/session-secret';

/**
 * The values of a session's release. They name the Secret, whoever makes it, so that nothing else does; Helm makes that of the provider
 * `generated`.
 * @param given the values that files give, without defaults
 * @param identity who the session is for, as values
 */
export function releaseValues(given: Mapping, identity: Mapping, secret: SessionSecret | undefined): Mapping {
  const values = merge(given, identity);
  if (secret === undefined || secret.provider === 'generated') return values;
  return merge(values, { codeServer: { existingSecret: secret.place.name } });
}
