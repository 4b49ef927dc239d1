import { listAt } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { AUTHENTICATION } from '../../api/values/names';
import { annotationsOf, textAt, type Annotations } from '../changes/manifest-text';

/** Who may connect, and how (ingress-nginx, HAProxy, AWS, Traefik). */
const LIMITS =
  /\/((white|allow|deny|black)list(-source-range)?|inbound-cidrs|auth-[\w-]+|(force-)?ssl-redirect|limit-[\w-]+|router\.(middlewares|tls))$/;

/** Text that the controller takes into its own configuration. */
const SNIPPET = /\/[\w-]*snippet$/;

/** What an Ingress gives up: TLS of a host that stays, and annotations that limit access. */
export function weakerIngress(before: Manifest, after: Manifest): string[] {
  const [was, is] = [annotationsOf(before), annotationsOf(after)];
  const safe = tlsHosts(after);
  const hosts = listAt(after, ['spec', 'rules']).map((rule) => textAt(rule, ['host']));
  const changed = (keys: RegExp, from: Annotations): string[] =>
    Object.keys(from).filter((key) => keys.test(key) && was[key] !== is[key]);
  return [
    ...tlsHosts(before)
      .filter((host) => hosts.includes(host) && !safe.includes(host))
      .map((host) => `${host} has no TLS`),
    ...Array.from(new Set([...changed(LIMITS, was), ...changed(AUTHENTICATION, was)]), (key) =>
      is[key] === undefined ? `no longer has ${key}` : `has another ${key}`,
    ),
    ...changed(SNIPPET, is).map((key) => `configures the controller by ${key}`),
  ];
}

const tlsHosts = (ingress: Manifest): string[] =>
  listAt(ingress, ['spec', 'tls']).flatMap((tls) => listAt(tls, ['hosts']).map(String));
