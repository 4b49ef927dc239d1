import { IN_CLUSTER } from './cluster';
import { newPassword } from './password';
import type { SecretProvider } from './provider';

/** Helm's `lookup` keeps the password in upgrades. */
export const generated: SecretProvider = {
  name: 'generated',
  summary: 'by Helm, in the cluster',
  needsPassword: false,
  isMadeByChart: true,
  check: (_, { usesHelm }) =>
    usesHelm
      ? []
      : [
          {
            severity: 'error',
            code: 'conflict',
            path: ['provider'],
            message:
              'is generated, which works with the delivery helm only: Helm makes and keeps such a password. Fix: set spec.delivery to helm, or another provider',
          },
        ],
  requirements: () => [],
  set: ({ place: { name, namespace } }, given) => ({
    secret: {
      password: newPassword(given),
      mustExist: `there is no Secret ${name} in the namespace ${namespace}. Fix: install the session; Helm makes it then, with a password`,
    },
  }),
  ...IN_CLUSTER,
};
