import { type z } from 'zod';
import { oneOf, section } from '../values/fields';

/** What a provider of passwords adds to `spec.secrets`. */
export interface ProviderSettings<S = unknown> {
  /** Value of `spec.secrets.provider`. */
  readonly name: string;
  /** What it is, in brackets behind its name in help texts. */
  readonly summary: string;
  /** A key of `spec.secrets` with settings of its own. */
  readonly settings?: { readonly key: string; readonly schema: z.ZodType<S> };
}

/** `spec.secrets` with all defaults: the provider, and the settings of each provider that has some. */
export interface SecretsSettings {
  readonly provider: string;
  readonly [key: string]: unknown;
}

/** The schema of `spec.secrets`. The first provider is the default. */
export function secretsSchema(
  providers: readonly [ProviderSettings, ...ProviderSettings[]],
): z.ZodType<SecretsSettings> {
  const [first, ...others] = providers;
  const summaries = providers.map(({ name, summary }) => `${name} (${summary})`);
  const provider = oneOf(first.name, ...others.map(({ name }) => name))
    .default(first.name)
    .meta({ description: `Where passwords come from: ${summaries.join(', ')}.` });
  const own = providers.flatMap(({ settings }) => (settings === undefined ? [] : [[settings.key, settings.schema]]));
  return section({ provider, ...(Object.fromEntries(own) as Readonly<Record<string, z.ZodType>>) }).meta({
    description: 'Where the passwords of sessions come from.',
  });
}
