import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateKey } from 'node:crypto';
import { readCertificate } from '../../src/secrets/certificate';
import { providerOf } from '../../src/secrets/providers';
import { sealedSecretText, type Scope } from '../../src/secrets/seal';
import type { SecretPlace } from '../../src/model/session';
import { project, projectWith, smallProject, type Files } from './project';
import { CERTIFICATE, PRIVATE_KEY } from './test-keys';

export const ALICE: SecretPlace = {
  namespace: 'lab-class',
  name: 'lab-session-alice-secrets',
  key: 'vscode-password',
  session: 'alice',
};

export const SECRET_FILE = 'secrets/class/alice.yaml';
export const SESSION_FILE = 'sessions/class/alice.yaml';

export const SEALED = { provider: 'sealed-secrets', sealedSecrets: { certificate: 'cert.pem' } };

export const sops = (...age: string[]) => ({ provider: 'sops', sops: { age } });

export const secretProject = (secrets: unknown, files: Files = {}): string =>
  projectWith(smallProject({ 'dozlab.yaml': project({ secrets }), 'cert.pem': CERTIFICATE, ...files }));

export const sealedText = (password: string, place: Partial<SecretPlace> = {}, scope: Scope = 'strict'): string =>
  sealedSecretText(password, readCertificate(CERTIFICATE, 'it'), scope, { ...ALICE, ...place }, new Date());

export const privateKey = (text = PRIVATE_KEY) => createPrivateKey(text);

export const textOf = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

export const fileProblems = (
  provider: 'sealed-secrets' | 'sops',
  content: unknown,
  settings: object = { age: [], scope: 'strict' },
): unknown[] => providerOf(provider).file?.check(content, ALICE, settings) ?? ['the provider has no files'];
