import { enabledRoutes, type EnabledRoute, ingressAnnotations } from '../../api/rules/routes';
import { CLAIMABLE, expandPattern, ownClaim } from '../../api/values/names';
import type { SessionValues } from '../../api/values/schema';
import type { Path } from '@dozlab/charts/schema';
import type { Documents } from '../../source/document';
import { namespaceOf } from '../cohort';
import type { ResolvedSession } from '../session-class';
import { reportValue } from '../value-layers';
import type { Diagnostics, ValueProblem } from '../../core/diagnostics';
import type { Session, SessionClass } from '../../model/session';

export function checkIds({ cohorts }: Documents, diagnostics: Diagnostics): void {
  const first = new Map<string, string>();
  for (const cohort of cohorts) {
    const namespace = namespaceOf(cohort);
    for (const session of cohort.sessions) {
      const place = `${namespace}/${session.name}`;
      const other = first.get(place);
      if (other === undefined) {
        first.set(place, session.path);
        continue;
      }
      const message = `is ${session.name}, which ${other} is too, in the same namespace ${namespace}; accepted: another id or namespace`;
      diagnostics.error(session, ['metadata', 'name'], 'duplicate-session', message);
    }
  }
}

export function checkRoutes(sessions: readonly ResolvedSession[], diagnostics: Diagnostics): void {
  const byAddress = new Map<string, { last: ResolvedSession; path: Path; ids: string[] }>();
  const ofClasses = new Map<SessionClass, readonly EnabledRoute[]>();
  const routesOf = ({ sessionClass, values }: Session): readonly EnabledRoute[] => {
    const routes = (sessionClass === undefined ? undefined : ofClasses.get(sessionClass)) ?? enabledRoutes(values);
    if (sessionClass !== undefined) ofClasses.set(sessionClass, routes);
    return routes;
  };
  for (const resolved of sessions) {
    const { id, values } = resolved.session;
    for (const { kind, app, host, path } of routesOf(resolved.session)) {
      const [name = '', prefix = ''] = [host, path].map((pattern) => expandPattern(pattern, id, values.session.userId));
      // A prefix with a slash at its end matches the same requests (Kubernetes, "Ingress", path types).
      const address = [kind, name, prefix.replace(/(?<=.)\/$/, '')].join(' ');
      const found = byAddress.get(address);
      if (found === undefined) byAddress.set(address, { last: resolved, path: [kind, app, 'host'], ids: [id] });
      else {
        found.ids.push(id);
        found.last = resolved;
      }
    }
  }
  for (const [address, { last, path, ids }] of byAddress) {
    if (ids.length < 2) continue;
    const [, host = '', prefix = ''] = address.split(' ');
    const message = `gives ${host}${prefix} to several routes (sessions ${listed(ids)}); accepted: a pattern that differs for each, with {id} in the host or the path`;
    const problem: ValueProblem = { severity: 'error', code: 'duplicate-route', path, message };
    reportValue(problem, last.layers, last.document, diagnostics);
  }
}

const listed = (ids: readonly string[]): string =>
  ids.length > 4 ? `${ids.slice(0, 4).join(', ')} and ${String(ids.length - 4)} more` : ids.join(', ');

/** Uses of one name by sessions of a namespace. */
interface SharedName {
  readonly path: Path;
  readonly ids: Set<string>;
  last: ResolvedSession;
}

/** By name. */
class SharedNames {
  private readonly byName = new Map<string, SharedName>();

  /** @param least sessions that make a name a problem */
  constructor(private readonly least = 2) {}

  add(name: string, path: Path, resolved: ResolvedSession): void {
    const found = this.byName.get(name);
    if (found === undefined) {
      this.byName.set(name, { path, ids: new Set([resolved.session.id]), last: resolved });
      return;
    }
    found.ids.add(resolved.session.id);
    found.last = resolved;
  }

  report(problemOf: (name: string, sessions: string) => Omit<ValueProblem, 'path'>, diagnostics: Diagnostics): void {
    for (const [name, { path, ids, last }] of this.byName) {
      if (ids.size < this.least) continue;
      const problem = { ...problemOf(name, listed(Array.from(ids))), path };
      reportValue(problem, last.layers, last.document, diagnostics);
    }
  }
}

/** @param sessions of one namespace */
export function checkSharedNames(sessions: readonly ResolvedSession[], diagnostics: Diagnostics): void {
  checkClaims(sessions, diagnostics);
  checkPasswords(sessions, diagnostics);
  checkCertificates(sessions, diagnostics);
}

const VOLUMES = Object.keys(CLAIMABLE) as (keyof typeof CLAIMABLE)[];

/** A session that uses the claim of another one writes into its volume too. */
function checkClaims(sessions: readonly ResolvedSession[], diagnostics: Diagnostics): void {
  const claims = new SharedNames();
  const isNamed = ({ session: { values } }: ResolvedSession): boolean =>
    VOLUMES.some((volume) => values.volumes[volume].persistence.existingClaim !== undefined);
  if (!sessions.some(isNamed)) return;
  for (const resolved of [...sessions.filter((each) => !isNamed(each)), ...sessions.filter(isNamed)]) {
    const { id, values } = resolved.session;
    for (const volume of VOLUMES) {
      const { enabled, existingClaim = ownClaim(volume) } = values.volumes[volume].persistence;
      const path = ['volumes', volume, 'persistence', 'existingClaim'];
      if (enabled) claims.add(expandPattern(existingClaim, id, values.session.userId), path, resolved);
    }
  }
  const message = (name: string, ids: string): string =>
    `gives several sessions the claim ${name} (${ids}): they would write the same files; accepted: a pattern that differs for each, such as work-{id}, or no existingClaim, so that each session makes its own`;
  claims.report(
    (name, ids) => ({ severity: 'error', code: 'duplicate-claim', message: message(name, ids) }),
    diagnostics,
  );
}

/** Meant for a session that several people use, so it is allowed. */
function checkPasswords(sessions: readonly ResolvedSession[], diagnostics: Diagnostics): void {
  if (!sessions.some(({ session: { values } }) => values.codeServer.existingSecret !== undefined)) return;
  const passwords = new SharedNames();
  for (const resolved of sessions) {
    const { name, key } = resolved.session.secret.place;
    passwords.add(`${name} with the key ${key}`, ['codeServer', 'existingSecret'], resolved);
  }
  const message = (name: string, ids: string): string =>
    `gives several sessions the password of the Secret ${name} (${ids}): who knows it can enter all of them. Fix: leave it out, so that each session has its own, unless that is meant`;
  passwords.report(
    (name, ids) => ({ severity: 'warning', code: 'shared-password', message: message(name, ids) }),
    diagnostics,
  );
}

/** cert-manager gives a Secret to the first Ingress that names it. Without an issuer, a certificate for all hosts may be shared. */
function checkCertificates(sessions: readonly ResolvedSession[], diagnostics: Diagnostics): void {
  const certificates = new SharedNames();
  const hosts = new Map<string, string>();
  const passwords = new Set(sessions.map(({ session: { secret } }) => secret.place.name));
  const taken = new SharedNames(1);
  for (const resolved of sessions) {
    const { id, values } = resolved.session;
    if (!values.ingress.enabled || !values.ingress.tls.enabled) continue;
    for (const { kind, app, host: hostPattern } of enabledRoutes(values)) {
      if (kind !== 'ingress' || !hasIssuer(values, app)) continue;
      const path = ['ingress', app, 'tlsSecretName'];
      const expand = (pattern: string): string => expandPattern(pattern, id, values.session.userId);
      const [name, host] = [expand(values.ingress[app].tlsSecretName), expand(hostPattern)];
      if (passwords.has(name)) taken.add('', path, resolved);
      if (!hosts.has(name) || hosts.get(name) !== host) certificates.add(name, path, resolved);
      hosts.set(name, hosts.get(name) ?? host);
    }
  }
  const overPassword = (ids: string): string =>
    `gives the Secret with the password of a session (for ${ids}), and cert-manager would write into it; accepted: another name`;
  taken.report((_, ids) => ({ severity: 'error', code: 'conflict', message: overPassword(ids) }), diagnostics);
  const message = (name: string, ids: string): string =>
    `gives certificates of several hosts the Secret ${name} (sessions ${ids}), which cert-manager fills for one of them only; accepted: a pattern with {id}, or no issuer and one certificate for all hosts`;
  certificates.report(
    (name, ids) => ({ severity: 'error', code: 'duplicate-certificate', message: message(name, ids) }),
    diagnostics,
  );
}

function hasIssuer(values: SessionValues, app: EnabledRoute['app']): boolean {
  const annotations = ingressAnnotations(values, app);
  return (
    values.ingress.clusterIssuer !== undefined ||
    annotations['cert-manager.io/cluster-issuer'] !== undefined ||
    annotations['cert-manager.io/issuer'] !== undefined
  );
}
