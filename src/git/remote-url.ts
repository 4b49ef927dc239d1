import { maskSecret } from '../core/redact';

export interface RemoteAddress {
  /** Without the port. */
  readonly host: string;
  /** URL of the pages. */
  readonly web: string;
  /** Without `.git`: `group/sub/repository`. */
  readonly path: string;
}

/** `git@host:group/repository.git`. */
const SCP_FORM = /^(?:[^@/\s]+@)?(\[[^\]\s]+\]|[^:/\s]+):(?!\/\/)(.+)$/;

/** Undefined for folders and other forms. */
export function remoteAddress(url: string): RemoteAddress | undefined {
  if (/^[a-z+]+:\/\//i.test(url)) return URL.canParse(url) ? addressOf(new URL(url)) : undefined;
  const [, host, path] = SCP_FORM.exec(url) ?? [];
  // One letter before the colon is a Windows drive.
  if (host === undefined || path === undefined || /^[a-z]$/i.test(host)) return undefined;
  return withPath(host.toLowerCase(), `https://${host.toLowerCase()}`, path);
}

const WEB = ['https:', 'http:'];
const OTHER = ['ssh:', 'git+ssh:', 'ssh+git:', 'git:'];

function addressOf({ protocol, hostname, host, pathname }: URL): RemoteAddress | undefined {
  const name = hostname.toLowerCase();
  if (WEB.includes(protocol)) return withPath(name, `${protocol}//${host.toLowerCase()}`, decoded(pathname));
  // The port of ssh is not the port of the pages.
  return OTHER.includes(protocol) ? withPath(name, `https://${name}`, decoded(pathname)) : undefined;
}

function withPath(host: string, web: string, rawPath: string): RemoteAddress | undefined {
  const path = rawPath.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return path === '' || host === '' ? undefined : { host, web, path };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export const withoutUserInfo = (text: string): string => text.replace(/([a-z+]+:\/\/)[^\s/@]*@/gi, '$1');

/** Characters. A shorter user is a name. */
const SHORTEST_TOKEN = 20;

/** Masks a password, and a token as user. */
export function maskSecretsOf(url: string): void {
  const [, user = '', password] = /^[a-z+]+:\/\/([^\s/@:]*)(?::([^\s/@]*))?@/i.exec(url) ?? [];
  for (const each of [password ?? '', user.length >= SHORTEST_TOKEN ? user : '']) {
    if (each === '') continue;
    maskSecret(each);
    maskSecret(decoded(each));
  }
}
