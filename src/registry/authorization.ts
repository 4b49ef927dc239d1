import { z } from 'zod';
import { DozlabError } from '../core/errors';
import { isLoopback, sendRequest, type HttpResponse } from '../core/http';
import { maskSecret } from '../core/redact';
import type { Credentials } from './credentials';

/** Milliseconds. */
const TIME_LIMIT = 120_000;

/** Distribution, "Token Authentication Specification" and "OAuth2 Token Authentication". */
const tokenResponse = z.object({ token: z.string().optional(), access_token: z.string().optional() });

interface Challenge {
  readonly url: string;
  readonly header: string;
  /** `repository:labs/classroom:pull,push`. */
  readonly scope: string;
}

/** @throws DozlabError with code `failed-registry` if the credentials are refused or would be sent unencrypted */
export async function authorizationFor(
  { url, header, scope }: Challenge,
  credentials: Credentials | undefined,
): Promise<string> {
  const { scheme, parameters } = parseChallenge(header);
  const { host } = new URL(url);
  if (scheme === 'basic') {
    if (credentials === undefined) throw missingLogin(host);
    refuseUnencrypted(url);
    if ('identityToken' in credentials)
      throw new DozlabError('failed-registry', `${host} needs a name and a password, but the login has a token`);
    return basic(credentials);
  }
  const { realm = '', service = '' } = parameters;
  if (scheme !== 'bearer' || !URL.canParse(realm))
    throw new DozlabError('failed-registry', `${host} asks for a login that is neither Basic nor Bearer`);
  if (credentials !== undefined) refuseUnencrypted(realm);
  const { status, text } = await requestToken(realm, { service, scope }, credentials);
  const token = status === 200 ? tokenIn(text) : undefined;
  if (token === undefined)
    throw credentials === undefined
      ? missingLogin(host)
      : new DozlabError(
          'failed-registry',
          `${new URL(realm).host} gives no token for ${host} (${String(status)}). Fix: log in again`,
        );
  return `Bearer ${maskSecret(token)}`;
}

/** First challenge (RFC 9110, 11.6.1); names in lower case. */
function parseChallenge(header: string): { scheme: string; parameters: Readonly<Record<string, string>> } {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(header) ?? [];
  const pairs = Array.from(rest.matchAll(/([A-Za-z_]+)="([^"]*)"/g), ([, name = '', value = '']) => [
    name.toLowerCase(),
    value,
  ]);
  return { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(pairs) as Record<string, string> };
}

function requestToken(
  realm: string,
  parameters: Readonly<Record<'service' | 'scope', string>>,
  credentials: Credentials | undefined,
): Promise<HttpResponse> {
  if (credentials !== undefined && 'identityToken' in credentials) {
    const form = { grant_type: 'refresh_token', client_id: 'dozlab', refresh_token: credentials.identityToken };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...form, ...parameters }).toString();
    return sendRequest(realm, { method: 'POST', headers, body }, TIME_LIMIT, 'failed-registry');
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(parameters)) if (value !== '') url.searchParams.set(name, value);
  const headers: Record<string, string> = credentials === undefined ? {} : { authorization: basic(credentials) };
  return sendRequest(url.href, { method: 'GET', headers }, TIME_LIMIT, 'failed-registry');
}

function tokenIn(text: string): string | undefined {
  try {
    const { token, access_token } = tokenResponse.parse(JSON.parse(text));
    const found = token ?? access_token;
    return found !== undefined && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${maskSecret(Buffer.from(`${username}:${password}`).toString('base64'))}`;

function refuseUnencrypted(address: string): void {
  const url = new URL(address);
  if (url.protocol === 'https:' || isLoopback(url)) return;
  throw new DozlabError('failed-registry', `dozlab sends no login over ${url.protocol}//${url.host}. Fix: use https`);
}

const missingLogin = (host: string): DozlabError =>
  new DozlabError(
    'failed-registry',
    `${host} asks for a login, and there is none. Fix: docker login ${host}, or helm registry login ${host}`,
  );
