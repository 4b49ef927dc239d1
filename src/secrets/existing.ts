import { IN_CLUSTER } from './cluster';
import { newPassword, secretLabels } from './password';
import type { SecretProvider } from './provider';

export const existing: SecretProvider = {
  name: 'existing',
  summary: 'Secrets that people make',
  needsPassword: true,
  requirements: ({ place: { namespace, name, key } }) => [
    { kind: 'Secret', name, namespace, key, use: 'the password of VS Code' },
  ],
  set({ place }, given) {
    // Several sessions may share a Secret with another name.
    const isOwn = place.name === `lab-session-${place.session}-secrets`;
    const base = { type: 'Opaque', ...(isOwn ? { labels: secretLabels(place) } : {}) };
    return { secret: { password: newPassword(given), base } };
  },
  ...IN_CLUSTER,
};
