import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser's page may open a terminal. Programs other than browsers send no Origin. With a list of origins, a host name counts for
 * nothing: a foreign page can give itself the name of this server (DNS rebinding), but neither `localhost` nor a loopback address.
 */
export function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (!URL.canParse(origin) || host === undefined) return false;
  const { host: from, hostname, protocol } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return from === hostOf(protocol, host) && (allowed.length === 0 || isLoopback(hostname));
}

/** Without the default port, as in an origin. */
function hostOf(protocol: string, host: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

const isLoopback = (name: string): boolean => name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
