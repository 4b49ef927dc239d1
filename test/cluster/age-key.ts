import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../support/project';
import { runTool } from './tool-run';

/** A key of age, in a file that is removed when the tests of the file are done. */
export interface AgeKey {
  /** What is encrypted for. */
  readonly recipient: string;

  /** The private key as its file has it. */
  readonly identity: string;

  /** The file of the private key, for SOPS_AGE_KEY_FILE. */
  readonly file: string;
}

export function ageKey(): AgeKey {
  const identity = runTool('age-keygen', []);
  const recipient = runTool('age-keygen', ['-y'], { input: identity }).trim();
  const file = join(temporaryFolder(), 'age.txt');
  writeFileSync(file, identity, { mode: 0o600 });
  return { recipient, identity, file };
}
