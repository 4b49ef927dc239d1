import { type z } from 'zod';
import { oneOf, section } from '../values/fields';

export interface ProviderSettings<S = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly settings?: { readonly key: string; readonly schema: z.ZodType<S> };
}

export interface SecretsSettings {
  readonly provider: string;
  readonly [key: string]: unknown;
}

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
