import { createHash } from 'node:crypto';
import type { LiveObject } from './kubectl';

/** What tests show of a secret: never the secret itself. */
export interface Fingerprint {
  readonly length: number;
  readonly digest: string;
}

export const fingerprintOf = (secret: string): Fingerprint => ({
  length: secret.length,
  digest: createHash('sha256').update(secret).digest('hex').slice(0, 16),
});

/** What a Secret holds, by key, as it is: not for assertions whose failure prints it. */
export const secretsIn = ({ data }: LiveObject): ReadonlyMap<string, string> =>
  new Map(
    Object.entries((data ?? {}) as Readonly<Record<string, string>>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  );

/** What a Secret holds, by key. */
export const fingerprintsIn = (secret: LiveObject): Record<string, Fingerprint> =>
  Object.fromEntries(Array.from(secretsIn(secret), ([key, value]) => [key, fingerprintOf(value)]));
