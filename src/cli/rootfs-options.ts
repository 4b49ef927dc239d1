import { isIPv4 } from 'node:net';
import type { Options } from 'yargs';
import { DozlabError } from '../core/errors';
import { withoutControls } from '../core/text';
import type { Check } from '../rootfs/check/check';
import type { CheckSettings } from '../rootfs/check/check-image';
import { outputOption, type ExitCode } from './command';
import { print } from './output';

export interface CheckOptions {
  readonly tools?: string;
  readonly address: string;
  readonly output: 'text' | 'json';
}

export const checkOptions = {
  tools: { type: 'string', requiresArg: true, describe: 'Programs of the lab, such as kubectl,k3s' },
  address: { type: 'string', requiresArg: true, default: '172.16.0.2', describe: 'Address of the microVM' },
  ...outputOption,
} as const satisfies Record<string, Options>;

export const plainHttpOption = {
  'plain-http': { type: 'boolean', describe: 'Use a registry without TLS' },
} as const satisfies Record<string, Options>;

/** @throws DozlabError with code `invalid-usage` */
export function checkSettingsIn({ tools = '', address }: CheckOptions): CheckSettings {
  if (!isIPv4(address)) throw new DozlabError('invalid-usage', `--address takes an IPv4 address such as 172.16.0.2`);
  const names = tools.split(',').filter((name) => name !== '');
  const wrong = names.find((name) => !/^[\w.+-]+$/.test(name));
  if (wrong !== undefined)
    throw new DozlabError('invalid-usage', `--tools takes names of programs between commas, such as kubectl,k3s`);
  return { address, tools: names };
}

/** Details quote names of files of the image. */
export function printChecks(checks: readonly Check[], output: 'text' | 'json'): ExitCode {
  if (output === 'json') print(JSON.stringify(checks, undefined, 2));
  else
    for (const { what, isFound, detail, fix } of checks) {
      const result = isFound ? 'found    ' : 'not found';
      print(withoutControls(`${result}  ${what}: ${detail}${fix === undefined ? '' : `. Fix: ${fix}`}`));
    }
  return checks.every(({ isFound }) => isFound) ? 0 : 1;
}
