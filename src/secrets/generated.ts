import { IN_CLUSTER } from './cluster';
import { newPassword } from './password';
import type { SecretProvider } from './provider';

/** Passwords that Helm makes when it installs a session, and keeps by `lookup` when it upgrades one. */
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
              "is generated, for which the delivery must be helm, as nothing but Helm's lookup keeps such a password; with another delivery: external-secrets makes them in the cluster too, sealed-secrets and sops keep them in Git, existing leaves them to you",
          },
        ],
  requirements: () => [],
  set: ({ place: { name, namespace } }, given) => ({
    secret: {
      password: newPassword(given),
      mustExist: `there is no Secret ${name} in the namespace ${namespace}: Helm makes it, with a password, when it installs the session`,
    },
  }),
  ...IN_CLUSTER,
};
