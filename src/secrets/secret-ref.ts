/** The Secret that holds a session's password, and the key that it has there. */
export interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** The session's id. */
  readonly session: string;
}

/** What each Secret of a session is labelled with, whoever makes it: nothing that can change while the session lasts. */
export const secretLabels = ({ session }: SecretPlace): Record<string, string> => ({
  'app.kubernetes.io/managed-by': 'dozlab',
  'app.kubernetes.io/part-of': 'dozlab',
  'session-id': session,
});

/** When the password was made or given, as RFC 3339. */
export const MADE_AT = 'dozlab.io/password-made-at';
