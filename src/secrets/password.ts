import { randomBytes } from 'node:crypto';
import { maskSecret } from '../core/redact';
import type { SecretPlace } from '../model/session';

/** The given password, or 30 bytes of the system's generator as 40 characters of A-Z, a-z, 0-9, - and _. Nothing prints it from now on. */
export const newPassword = (given: string | undefined): string =>
  maskSecret(given ?? randomBytes(30).toString('base64url'));

/** Annotation of Secrets: when the password was made, as RFC 3339. */
export const MADE_AT = 'dozlab.io/password-made-at';

/** Labels of a session's Secret. None of them may change while the session runs. */
export const secretLabels = ({ session }: SecretPlace): Record<string, string> => ({
  'app.kubernetes.io/managed-by': 'dozlab',
  'app.kubernetes.io/part-of': 'dozlab',
  'session-id': session,
});

/** A time that a file gives, as RFC 3339; nothing if it is none. */
export const madeAt = (time: unknown): { madeAt?: string } =>
  typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? { madeAt: new Date(time).toISOString() } : {};
