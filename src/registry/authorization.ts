import { z } from 'zod';
import { DozlabError } from '../core/errors';
import { keepSecret } from '../core/redact';
import { isLoopback } from '../core/http-error';
import { challengeOf } from './challenge';
import type { Credentials } from './credentials';
import { send } from './request';

/** What a service of tokens answers (Distribution, "Token Authentication Specification" and "OAuth2 Token Authentication"). */
const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * What goes into the header `authorization` so that a registry lets somebody do something.
 * @param header its challenge
 * @param scope such as `repository:labs/classroom:pull,push`
 * @throws DozlabError with code `failed-registry` when the credentials are not taken, or would go over the network in the clear
 */
export async function authorizationFor(
  { url, header, scope }: { readonly url: string; readonly header: string; readonly scope: string },
  credentials: Credentials | undefined,
): Promise<string> {
  const { scheme, parameters } = challengeOf(header);
  const { host } = new URL(url);
  if (scheme === 'basic') {
    if (credentials === undefined) throw missingLogin(host);
    refuseClear(url);
    if ('identityToken' in credentials)
      throw new DozlabError('failed-registry', `${host} wants a name and a password, and the login has a token`);
    return basic(credentials);
  }
  const { realm = '', service = '' } = parameters;
  if (scheme !== 'bearer' || !URL.canParse(realm))
    throw new DozlabError('failed-registry', `${host} wants a login of a kind that is not known`);
  if (credentials !== undefined) refuseClear(realm);
  const { status, text } = await askToken(realm, { service, scope }, credentials);
  const { data } = tokenAnswer.safeParse(parsed(text));
  const token = data?.token ?? data?.access_token;
  if (status !== 200 || token === undefined || !/^[\x21-\x7e]+$/.test(token))
    throw credentials === undefined
      ? missingLogin(host)
      : new DozlabError(
          'failed-registry',
          `${new URL(realm).host} gives no token for ${host} (${String(status)}); log in again`,
        );
  return `Bearer ${keepSecret(token)}`;
}

type Asked = Readonly<Record<'service' | 'scope', string>>;

function askToken(realm: string, asked: Asked, credentials: Credentials | undefined) {
  if (credentials !== undefined && 'identityToken' in credentials) {
    const form = { grant_type: 'refresh_token', client_id: 'dozlab', refresh_token: credentials.identityToken };
    return send(realm, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      content: Buffer.from(new URLSearchParams({ ...form, ...asked }).toString()),
    });
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(asked)) if (value !== '') url.searchParams.set(name, value);
  return send(url.href, {
    method: 'GET',
    headers: credentials === undefined ? {} : { authorization: basic(credentials) },
  });
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${keepSecret(Buffer.from(`${username}:${password}`).toString('base64'))}`;

function refuseClear(address: string): void {
  const url = new URL(address);
  if (url.protocol === 'https:' || isLoopback(url)) return;
  throw new DozlabError('failed-registry', `a login is not sent over ${url.protocol}//${url.host}; accepted: https`);
}

const missingLogin = (host: string): DozlabError =>
  new DozlabError(
    'failed-registry',
    `${host} wants a login, and there is none: docker login ${host}, or helm registry login ${host}`,
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
