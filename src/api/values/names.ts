import { createHash } from 'node:crypto';

/** The first eight hex digits of the SHA-256 of a text, which make shortened names unique. */
export const shortHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8);

/** A label value (Kubernetes, "Labels and Selectors"): at most 63 of `[A-Za-z0-9_.-]`, alphanumeric at both ends, or nothing. */
export const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** One label of a DNS name (RFC 1123): at most 63 of `[a-z0-9-]`, alphanumeric at both ends. */
export const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A text as a label value. A valid text is unchanged. Any other is reduced to ASCII, cut to 54 characters and given a short hash, so that two
 * texts never share a label value.
 */
export const labelValue = (text: string): string =>
  LABEL_VALUE.test(text) ? text : withHash(text.replace(/[^A-Za-z0-9_.-]+/gu, '-').slice(0, 54), text);

/**
 * A text as one label of a DNS name. A valid text of at most 33 characters is unchanged. Any other is reduced to lower-case ASCII, cut to 24
 * characters (host names have several parts) and given a short hash.
 */
export const dnsLabel = (text: string): string =>
  DNS_LABEL.test(text) && text.length <= 33
    ? text
    : withHash(
        text
          .replace(/[^A-Za-z0-9]+/gu, '-')
          .slice(0, 24)
          .toLowerCase(),
        text,
      );

export function withHash(reduced: string, text: string): string {
  const trimmed = reduced.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/gu, '');
  return trimmed === '' ? shortHash(text) : `${trimmed}-${shortHash(text)}`;
}

/**
 * A pattern with `{id}` replaced by the session's id and `{user}` by its user as a DNS label.
 * @example `expandPattern('{id}.labs.example.com', 'alice-001', 'alice')` is `alice-001.labs.example.com`
 */
export const expandPattern = (pattern: string, id: string, userId: string): string =>
  pattern.replaceAll('{id}', id).replaceAll('{user}', dnsLabel(userId));

/** An image reference: the name with a digest if there is one, else with the tag; a name that already has either is unchanged. */
export function imageReference(image: string, tag: string, digest: string | undefined): string {
  if (/@|:[^/]*$/.test(image)) return image;
  return digest === undefined ? `${image}:${tag}` : `${image}@${digest}`;
}

/** Annotations that make an ingress controller ask for a login: nginx, HAProxy, AWS, Traefik, Kong. */
export const AUTHENTICATION =
  /^(nginx\.ingress\.kubernetes\.io\/(auth-url|auth-type|auth-tls-secret)|nginx\.org\/basic-auth-secret|nginx\.com\/jwt-key|(haproxy-ingress\.github|ingress\.kubernetes)\.io\/(auth-url|auth-type|auth-secret|auth-tls-secret)|haproxy\.org\/auth-type|alb\.ingress\.kubernetes\.io\/auth-type|traefik\.ingress\.kubernetes\.io\/router\.middlewares|konghq\.com\/plugins)$/;

export const hasAuthentication = (annotations: Readonly<Record<string, string>>): boolean =>
  Object.entries(annotations).some(
    ([key, value]) => AUTHENTICATION.test(key) && value.trim() !== '' && value !== 'none',
  );

/** A text in base64, as Secrets hold it. */
export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
