import type { SecretPlace } from '../model/session';

/** What each Secret of a session is labelled with, whoever makes it: nothing that can change while the session lasts. */
export const secretLabels = ({ session }: SecretPlace): Record<string, string> => ({
  'app.kubernetes.io/managed-by': 'dozlab',
  'app.kubernetes.io/part-of': 'dozlab',
  'session-id': session,
});

/** When the password was made or given, as RFC 3339. */
export const MADE_AT = 'dozlab.io/password-made-at';
