import type { SecretsSettings } from '../api/settings/secrets';
import type { Permission } from '../constructs/namespace/namespace-role';
import { existing } from './existing';
import { externalSecrets } from './external-secrets';
import { generated } from './generated';
import type { SecretKind, SecretProvider } from './provider';
import { sealedSecrets } from './sealed-secrets';
import { sops } from './sops';

/** The first is the default. */
export const PROVIDERS: readonly [SecretProvider, ...SecretProvider[]] = [
  existing,
  generated,
  externalSecrets,
  sealedSecrets,
  sops,
];

/** For all providers: a cohort may change its provider. */
export const providerPermissions = (): Permission[] =>
  PROVIDERS.flatMap(({ permissions = [] }) => permissions).sort((one, other) =>
    one.apiGroup < other.apiGroup ? -1 : 1,
  );

/** For all providers, as permissions. */
export const providerKinds = (): SecretKind[] => PROVIDERS.flatMap(({ kinds = [] }) => kinds);

export function providerOf(name: string): SecretProvider {
  const found = PROVIDERS.find((provider) => provider.name === name);
  if (found === undefined) throw new Error(`there is no provider ${name}`);
  return found;
}

export const passwordKinds = ({ kinds, file }: SecretProvider): readonly string[] =>
  kinds?.map(({ kind }) => kind) ?? (file === undefined ? [] : [file.kind]);

export const ownSettings = (settings: SecretsSettings): unknown => {
  const key = providerOf(settings.provider).settings?.key;
  return key === undefined ? undefined : settings[key];
};

export const fluxDecryption = (settings: SecretsSettings): string | undefined =>
  providerOf(settings.provider).fluxDecryption?.(ownSettings(settings));
