import { enabledRoutes, type EnabledRoute } from '../../api/rules/routes';
import { expandPattern } from '../../api/values/names';
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
      const parts = [host, path].map((pattern) => expandPattern(pattern, id, values.session.userId));
      const address = [kind, ...parts].join(' ');
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
    const named = ids.length > 4 ? `${ids.slice(0, 4).join(', ')} and ${String(ids.length - 4)} more` : ids.join(', ');
    const message = `gives ${host}${prefix} to several routes (sessions ${named}); accepted: a pattern that differs for each, with {id} in the host or the path`;
    const problem: ValueProblem = { severity: 'error', code: 'duplicate-route', path, message };
    reportValue(problem, last.layers, last.document, diagnostics);
  }
}
