import { keepSecret } from '../core/redact';

/** Where a remote is, as far as its URL tells; no user and no password are part of it. */
export interface RemoteAddress {
  /** Name of the host, without its port. */
  readonly host: string;
  /** Where its pages are: `https://host`, with the port of an https or http URL. */
  readonly web: string;
  /** Path of the repository, without `.git`: `group/sub/repository`. */
  readonly path: string;
}

/** `git@host:group/repository.git`, as scp writes it. */
const SCP_FORM = /^(?:[^@/\s]+@)?(\[[^\]\s]+\]|[^:/\s]+):(?!\/\/)(.+)$/;

/** Reads the URL of a remote: https, http, ssh, git and the form of scp. Undefined for a folder, and for what is none of them. */
export function remoteAddress(url: string): RemoteAddress | undefined {
  if (/^[a-z+]+:\/\//i.test(url)) return URL.canParse(url) ? addressOf(new URL(url)) : undefined;
  const [, host, path] = SCP_FORM.exec(url) ?? [];
  // One letter before a colon is a drive.
  if (host === undefined || path === undefined || /^[a-z]$/i.test(host)) return undefined;
  return withPath(host.toLowerCase(), `https://${host.toLowerCase()}`, path);
}

const WEB = ['https:', 'http:'];
const OTHER = ['ssh:', 'git+ssh:', 'ssh+git:', 'git:'];

function addressOf({ protocol, hostname, host, pathname }: URL): RemoteAddress | undefined {
  const name = hostname.toLowerCase();
  if (WEB.includes(protocol)) return withPath(name, `${protocol}//${host.toLowerCase()}`, decoded(pathname));
  // Their port is not that of the pages.
  return OTHER.includes(protocol) ? withPath(name, `https://${name}`, decoded(pathname)) : undefined;
}

function withPath(host: string, web: string, given: string): RemoteAddress | undefined {
  const path = given.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return path === '' || host === '' ? undefined : { host, web, path };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A text in which no URL has a user or a password. */
export const withoutUserInfo = (text: string): string => text.replace(/([a-z+]+:\/\/)[^\s/@]*@/gi, '$1');

/** Anything shorter is a user's name rather than a token. */
const SHORTEST_TOKEN = 20;

/** Remembers what is secret in the URL of a remote, so that nothing that is printed shows it. */
export function keepSecretsOf(url: string): void {
  const [, user = '', password] = /^[a-z+]+:\/\/([^\s/@:]*)(?::([^\s/@]*))?@/i.exec(url) ?? [];
  for (const each of [password ?? '', user.length >= SHORTEST_TOKEN ? user : '']) {
    if (each === '') continue;
    keepSecret(each);
    keepSecret(decoded(each));
  }
}
