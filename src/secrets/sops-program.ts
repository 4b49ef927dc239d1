import type { SecretPlace } from '../model/session';
import { ENCRYPTED_KEYS, secretManifestText } from './sops';
import { hasProgram, runProgram } from '../core/exec';

export const hasSops = (): boolean => hasProgram('sops');

/**
 * Encrypts a password by the program sops, which knows more kinds of keys than age and the rules of .sops.yaml.
 * @param recipients age recipients; the rules decide when there are none
 * @param path path of the file within the project, by which the rules choose
 */
export function encryptBySops(
  password: string,
  recipients: readonly string[],
  place: SecretPlace,
  project: string,
  path: string,
): string {
  // With recipients the rules of .sops.yaml do not count.
  const [config, age] =
    recipients.length === 0
      ? [[], []]
      : [
          ['--config', '/dev/null'],
          ['--age', recipients.join(',')],
        ];
  const form = ['--input-type', 'yaml', '--output-type', 'yaml', '--filename-override', path];
  return runProgram('sops', 'to encrypt a password', {
    args: [...config, 'encrypt', ...age, '--encrypted-regex', ENCRYPTED_KEYS, ...form],
    input: secretManifestText(password, place),
    cwd: project,
  });
}

/** Decrypts a Secret by the program sops: its text, in the clear. */
export const decryptBySops = (text: string, project: string): string =>
  runProgram('sops', 'to decrypt a password', {
    args: ['decrypt', '--input-type', 'yaml', '--output-type', 'json', '--filename-override', 'secret.yaml'],
    input: text,
    cwd: project,
  });
