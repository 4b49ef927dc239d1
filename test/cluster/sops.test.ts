import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/project';
import { ageKey } from './age-key';
import { runTool } from './tool-run';

test('sops encrypts a Secret for a key of age, edits it and decrypts it', () => {
  const { recipient, file } = ageKey();
  const path = join(temporaryFolder(), 'secret.yaml');
  const sops = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
    runTool('sops', [...args, path], { env: { SOPS_AGE_KEY_FILE: file, ...env } });
  writeFileSync(path, 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: password\nstringData:\n  password: first\n');

  sops(['encrypt', '--age', recipient, '--encrypted-regex', '^(data|stringData)$', '--in-place']);
  expect(readFileSync(path, 'utf8')).toContain('name: password\n');
  expect(readFileSync(path, 'utf8')).not.toContain('first');

  sops(['edit'], { EDITOR: 'sed -i s/first/second/' });
  expect(readFileSync(path, 'utf8')).not.toContain('second');
  expect(parse(sops(['decrypt']))).toMatchObject({ kind: 'Secret', stringData: { password: 'second' } });
});
