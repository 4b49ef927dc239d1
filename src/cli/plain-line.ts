import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Options } from 'yargs';

/** What an option may say of itself to be understood here. */
const PLAIN = ['type', 'describe', 'default', 'defaultDescription', 'requiresArg', 'choices', 'alias', 'conflicts'];

/**
 * The options of a command line that is plainly right; undefined for any other, of which yargs finds out what is meant or wrong. It gives what
 * yargs gives, in a tenth of the time that it takes to load yargs.
 * @param options of the command, by their names
 */
export function plainOptions(
  args: readonly string[],
  options: Readonly<Record<string, Options>>,
): Record<string, unknown> | undefined {
  const plain = Object.entries(options).filter(([, option]) => isPlain(option));
  if (plain.length < Object.keys(options).length) return undefined;
  const given = parsed(args, Object.fromEntries(plain.map(([name, option]) => [name, configOf(option)])));
  const isAccepted = plain.every(([name, { choices, conflicts }]) => {
    const value = given?.[name];
    if (value === undefined) return true;
    const isConflicting = typeof conflicts === 'string' && given?.[conflicts] !== undefined;
    return value !== '' && (choices === undefined || choices.includes(value as string)) && !isConflicting;
  });
  if (given === undefined || !isAccepted) return undefined;
  return Object.fromEntries(
    plain.flatMap(([name, option]) => {
      const value = given[name] ?? (option.default as unknown);
      return value === undefined ? [] : [[camelCase(name), value]];
    }),
  );
}

const isPlain = ({ type, choices, ...option }: Options): boolean =>
  (type === 'boolean' || type === 'string' || choices !== undefined) &&
  Object.keys(option).every((key) => PLAIN.includes(key));

type Config = NonNullable<ParseArgsConfig['options']>;

const configOf = ({ type, alias }: Options): Config[string] => ({
  type: type === 'boolean' ? 'boolean' : 'string',
  ...(typeof alias === 'string' ? { short: alias } : {}),
});

/** What options are given; undefined for a line that is not understood, or says something twice. */
function parsed(args: readonly string[], options: Config): Readonly<Record<string, unknown>> | undefined {
  try {
    const { values, tokens } = parseArgs({ args: [...args], options, tokens: true });
    // To yargs `-ojson` are five options.
    const names = tokens.flatMap((token) =>
      token.kind === 'option' && (token.rawName.startsWith('--') || token.inlineValue !== true) ? [token.name] : [],
    );
    return new Set(names).size === tokens.length ? values : undefined;
  } catch {
    return undefined;
  }
}

const camelCase = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
