import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DozlabError } from '../core/errors';
import { keepSecret } from '../core/redact';
import { runProgram } from '../core/exec';

/** What a registry knows somebody by: a name and a password, or a token that others are got for. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** Variables of the environment by name. */
type Variables = Readonly<Record<string, string | undefined>>;

/** What `docker login` and `helm registry login` write (Docker, "docker login", credential stores and helpers). */
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

/** Under what the login at Docker's registry is kept. */
const KEYS: Readonly<Record<string, string>> = { 'docker.io': 'index.docker.io' };

/**
 * The credentials that somebody has logged in to a registry with, by `docker login` or `helm registry login`; undefined without any. From
 * now on nothing shows them.
 * @throws DozlabError with code `failed-registry` when what a login has left cannot be read
 */
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
  const isGiven = (path: string | undefined): path is string => path !== undefined && path !== '';
  const docker = isGiven(DOCKER_CONFIG) ? DOCKER_CONFIG : join(HOME, '.docker');
  const configuration = isGiven(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(HOME, '.config');
  return [
    join(docker, 'config.json'),
    isGiven(HELM_REGISTRY_CONFIG) ? HELM_REGISTRY_CONFIG : join(configuration, 'helm', 'registry', 'config.json'),
  ];
}

function readLogin(path: string): LoginFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DozlabError('failed-registry', `${path} cannot be read (${code})`, { cause: error });
  }
  return parsed(loginFile, text, `${path} is not what docker login or helm registry login writes`);
}

function credentialsIn(login: LoginFile, key: string, path: string, variables: Variables): Credentials | undefined {
  const isMeant = (name: string): boolean => name.replace(/^https?:\/\//, '').split('/')[0] === key;
  const helper = Object.entries(login.credHelpers).find(([name]) => isMeant(name))?.[1] ?? login.credsStore;
  // A store keeps an entry that is empty in the file, by the name that it has the credentials under.
  const [name = key, entry = {}] = Object.entries(login.auths).find(([each]) => isMeant(each)) ?? [];
  if (helper !== undefined) return askHelper(helper, name, variables);
  const { auth, identitytoken, username, password } = entry;
  if (identitytoken !== undefined && identitytoken !== '') return { identityToken: keepSecret(identitytoken) };
  if (username !== undefined && password !== undefined) return { username, password: keepSecret(password) };
  if (auth === undefined || auth === '') return undefined;
  const [, user, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(keepSecret(auth), 'base64').toString('utf8')) ?? [];
  if (user === undefined || secret === undefined)
    throw new DozlabError('failed-registry', `the login for ${key} in ${path} is not understood: log in again`);
  return { username: user, password: keepSecret(secret.replace(/\0+$/, '')) };
}

/** The credentials for a host; undefined without a login. */
export type Logins = (host: string) => Credentials | undefined;

/** The same, each host's read once: a helper may be a program that asks somebody. */
export function loginsIn(variables: Variables): Logins {
  const known = new Map<string, Credentials | undefined>();
  return (host) => {
    if (!known.has(host)) known.set(host, credentialsFor(host, variables));
    return known.get(host);
  };
}

/** What a credential helper prints. */
const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** The name of a user by which helpers give a token. */
const TOKEN_USER = '<token>';

function askHelper(name: string, server: string, variables: Variables): Credentials | undefined {
  if (!/^[-A-Za-z0-9_.]+$/.test(name))
    throw new DozlabError('failed-registry', 'a login names a credential helper that no program can be called by');
  const program = `docker-credential-${name}`;
  let text: string;
  try {
    text = runProgram(program, 'for the login at the registry', { args: ['get'], input: server, variables });
  } catch (error) {
    // It fails where there is no login.
    if (error instanceof DozlabError && error.code === 'failed-tool') return undefined;
    throw error;
  }
  const answer = parsed(helperAnswer, text, `${program} answers, but not as a credential helper does`);
  const secret = keepSecret(answer.Secret);
  return answer.Username === TOKEN_USER ? { identityToken: secret } : { username: answer.Username, password: secret };
}

/** Reads JSON of a shape. What is wrong with it is not told, as it holds secrets. */
function parsed<T>(shape: z.ZodType<T>, text: string, otherwise: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new DozlabError('failed-registry', otherwise);
  }
  const { data, success } = shape.safeParse(content);
  if (!success) throw new DozlabError('failed-registry', otherwise);
  return data;
}
