import { randomBytes } from 'node:crypto';
import { maskSecret } from '../core/redact';
import type { SecretPlace } from '../model/session';

/** 30 random bytes as base64url if none is given. Output masks the password. */
export const newPassword = (given: string | undefined): string =>
  maskSecret(given ?? randomBytes(30).toString('base64url'));

/** RFC 3339. */
export const MADE_AT = 'dozlab.io/password-made-at';

/** They must not change while the session runs. */
export const secretLabels = ({ session }: SecretPlace): Record<string, string> => ({
  'app.kubernetes.io/managed-by': 'dozlab',
  'app.kubernetes.io/part-of': 'dozlab',
  'session-id': session,
});

export const madeAt = (time: unknown): { madeAt?: string } =>
  typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? { madeAt: new Date(time).toISOString() } : {};
