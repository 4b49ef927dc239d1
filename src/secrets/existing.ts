import { IN_CLUSTER } from './cluster';
import { newPassword, secretLabels } from './password';
import type { SecretProvider } from './provider';

/** Secrets that people make, with `dozlab secret set` or by other means. */
export const existing: SecretProvider = {
  name: 'existing',
  summary: 'Secrets that people make',
  needsPassword: true,
  requirements: ({ place: { namespace, name, key } }) => [
    { kind: 'Secret', name, namespace, key, use: 'the password of VS Code' },
  ],
  set({ place }, given) {
    // Several sessions may share a Secret that has a name of its own.
    const isOwn = place.name === `lab-session-${place.session}-secrets`;
    const base = { type: 'Opaque', ...(isOwn ? { labels: secretLabels(place) } : {}) };
    return { secret: { password: newPassword(given), base } };
  },
  ...IN_CLUSTER,
};
