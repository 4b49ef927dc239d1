import { createHash } from 'node:crypto';

export const shortHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8);

/** Kubernetes, "Labels and Selectors". */
export const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** RFC 1123. */
export const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Keeps a valid text. A hash prevents collisions of changed texts. */
export const labelValue = (text: string): string =>
  LABEL_VALUE.test(text) ? text : withHash(text.replace(/[^A-Za-z0-9_.-]+/gu, '-').slice(0, 54), text);

/** Keeps a valid text of at most 33 characters. Host names have several parts, so others get 24 and a hash. */
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

/** @example `expandPattern('{id}.labs.example.com', 'alice-001', 'alice')` is `alice-001.labs.example.com` */
export const expandPattern = (pattern: string, id: string, userId: string): string =>
  pattern.replaceAll('{id}', id).replaceAll('{user}', () => dnsLabel(userId));

export const CLAIMABLE = { kernels: 'kernels', vmData: 'vm-data', vscodeData: 'vscode-data' } as const;

/** The pattern of the claim that a session makes. */
export const ownClaim = (volume: keyof typeof CLAIMABLE): string => `lab-session-{id}-${CLAIMABLE[volume]}`;

/** A digest overrides the tag. A name with either is unchanged. */
export function imageReference(image: string, tag: string, digest: string | undefined): string {
  if (/@|:[^/]*$/.test(image)) return image;
  return digest === undefined ? `${image}:${tag}` : `${image}@${digest}`;
}

/** nginx, HAProxy, AWS, Traefik and Kong. */
export const AUTHENTICATION =
  /^(nginx\.ingress\.kubernetes\.io\/(auth-url|auth-type|auth-tls-secret)|nginx\.org\/basic-auth-secret|nginx\.com\/jwt-key|(haproxy-ingress\.github|ingress\.kubernetes)\.io\/(auth-url|auth-type|auth-secret|auth-tls-secret)|haproxy\.org\/auth-type|alb\.ingress\.kubernetes\.io\/auth-type|traefik\.ingress\.kubernetes\.io\/router\.middlewares|konghq\.com\/plugins)$/;

export const hasAuthentication = (annotations: Readonly<Record<string, string>>): boolean =>
  Object.entries(annotations).some(
    ([key, value]) => AUTHENTICATION.test(key) && value.trim() !== '' && value !== 'none',
  );

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
