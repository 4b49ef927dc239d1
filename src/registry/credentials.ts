import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DozlabError } from '../core/errors';
import { runTool } from '../core/exec';
import { maskSecret } from '../core/redact';

export type Credentials = { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** Undefined without a login. */
export type Logins = (host: string) => Credentials | undefined;

type Variables = Readonly<Record<string, string | undefined>>;

/** Docker, "docker login". */
const loginFile = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

type LoginFile = z.output<typeof loginFile>;

/** Docker's name for Docker Hub. */
const KEYS: Readonly<Record<string, string>> = { 'docker.io': 'index.docker.io' };

/** Docker before Helm. Reads each once: a helper may ask the user. Masks the secrets. */
export function loginsIn(variables: Variables): Logins {
  const found = new Map<string, Credentials | undefined>();
  return (host) => {
    if (!found.has(host)) found.set(host, credentialsFor(host, variables));
    return found.get(host);
  };
}

/** @throws DozlabError with code `failed-registry` if a login file is unreadable or malformed */
function credentialsFor(host: string, variables: Variables): Credentials | undefined {
  const key = KEYS[host] ?? host;
  for (const path of loginFiles(variables)) {
    const login = readLogin(path);
    const found = login === undefined ? undefined : credentialsIn(login, key, path, variables);
    if (found !== undefined) return found;
  }
  return undefined;
}

function loginFiles({ DOCKER_CONFIG, HELM_REGISTRY_CONFIG, XDG_CONFIG_HOME, HOME = '' }: Variables): string[] {
  const isSet = (path: string | undefined): path is string => path !== undefined && path !== '';
  const docker = isSet(DOCKER_CONFIG) ? DOCKER_CONFIG : join(HOME, '.docker');
  const configuration = isSet(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(HOME, '.config');
  return [
    join(docker, 'config.json'),
    isSet(HELM_REGISTRY_CONFIG) ? HELM_REGISTRY_CONFIG : join(configuration, 'helm', 'registry', 'config.json'),
  ];
}

function readLogin(path: string): LoginFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DozlabError('failed-registry', `cannot read ${path} (${code})`, { cause: error });
  }
  return parseJson(loginFile, text, `${path} is not a file of docker login or helm registry login`);
}

function credentialsIn(login: LoginFile, key: string, path: string, variables: Variables): Credentials | undefined {
  const isFor = (name: string): boolean => name.replace(/^https?:\/\//, '').split('/')[0] === key;
  const helper = Object.entries(login.credHelpers).find(([name]) => isFor(name))?.[1] ?? login.credsStore;
  // With a credential store, the file has an empty entry whose name is the key in the store.
  const [name = key, entry = {}] = Object.entries(login.auths).find(([each]) => isFor(each)) ?? [];
  if (helper !== undefined) return askHelper(helper, name, variables);
  const { auth, identitytoken, username, password } = entry;
  if (identitytoken !== undefined && identitytoken !== '') return { identityToken: maskSecret(identitytoken) };
  if (username !== undefined && password !== undefined) return { username, password: maskSecret(password) };
  if (auth === undefined || auth === '') return undefined;
  const [, user, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(maskSecret(auth), 'base64').toString('utf8')) ?? [];
  if (user === undefined || secret === undefined)
    throw new DozlabError('failed-registry', `the login for ${key} in ${path} is malformed. Fix: log in again`);
  return { username: user, password: maskSecret(secret.replace(/\0+$/, '')) };
}

const helperOutput = z.object({ Username: z.string(), Secret: z.string() });

/** Marks an identity token. */
const TOKEN_USER = '<token>';

function askHelper(name: string, server: string, variables: Variables): Credentials | undefined {
  if (!/^[-A-Za-z0-9_.]+$/.test(name))
    throw new DozlabError('failed-registry', 'a login names a credential helper that is not the name of a program');
  const program = `docker-credential-${name}`;
  let text: string;
  try {
    text = runTool(program, 'for the login at the registry', { args: ['get'], input: server, variables });
  } catch (error) {
    // A helper fails if it has no login.
    if (error instanceof DozlabError && error.code === 'failed-tool') return undefined;
    throw error;
  }
  const output = parseJson(helperOutput, text, `${program} does not print what a credential helper prints`);
  const secret = maskSecret(output.Secret);
  return output.Username === TOKEN_USER ? { identityToken: secret } : { username: output.Username, password: secret };
}

/** A cause could show a secret. */
function parseJson<T>(shape: z.ZodType<T>, text: string, message: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new DozlabError('failed-registry', message);
  }
  const { data, success } = shape.safeParse(content);
  if (!success) throw new DozlabError('failed-registry', message);
  return data;
}
