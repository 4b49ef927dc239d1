import { madeRoutes, type MadeRoute } from '../../api/values/enabled-routes';
import { expandPattern } from '../../api/values/names';
import type { Path } from '@dozlab/charts/schema';
import type { Documents } from '../../source/document';
import { located, namespaceOf, placed, type Placed } from '../value-layers';
import { problemAt, type Problem } from '../../core/diagnostics';
import type { Session } from '../../model/session';

/** Sessions of one id in one namespace. */
export function duplicateSessions(loaded: Documents): Problem[] {
  const first = new Map<string, string>();
  return loaded.cohorts.flatMap((cohort) =>
    cohort.sessions.flatMap((session) => {
      const place = `${namespaceOf(cohort)}/${session.name}`;
      const other = first.get(place);
      if (other === undefined) {
        first.set(place, session.path);
        return [];
      }
      const path = ['metadata', 'name'];
      return [
        problemAt(
          'error',
          'duplicate-session',
          session.path,
          located(session, path),
          path,
          `is ${session.name}, which ${other} is too, in the same namespace ${namespaceOf(cohort)}; accepted: another id or namespace`,
        ),
      ];
    }),
  );
}

/** Sessions that would answer at the same address: the pattern lacks what tells them apart. */
export function duplicateRoutes(sessions: readonly Placed[]): Problem[] {
  const byAddress = new Map<string, { place: Placed; path: Path; ids: string[] }>();
  const known = new Map<object, readonly MadeRoute[]>();
  const routesOf = ({ sessionClass, values }: Session): readonly MadeRoute[] => {
    const routes = (sessionClass === undefined ? undefined : known.get(sessionClass)) ?? madeRoutes(values);
    if (sessionClass !== undefined) known.set(sessionClass, routes);
    return routes;
  };
  for (const place of sessions) {
    const { id, values } = place.resolved;
    for (const { kind, app, host, path } of routesOf(place.resolved)) {
      const address = [kind, ...[host, path].map((pattern) => expandPattern(pattern, id, values.session.userId))].join(
        ' ',
      );
      const found = byAddress.get(address);
      if (found === undefined) byAddress.set(address, { place, path: [kind, app, 'host'], ids: [id] });
      else {
        found.ids.push(id);
        found.place = place;
      }
    }
  }
  return Array.from(byAddress).flatMap(([address, { place, path, ids }]) => {
    if (ids.length < 2) return [];
    const [, host = '', prefix = ''] = address.split(' ');
    const named = ids.length > 4 ? `${ids.slice(0, 4).join(', ')} and ${String(ids.length - 4)} more` : ids.join(', ');
    const message = `gives ${host}${prefix} to several routes (sessions ${named}); accepted: a pattern that differs for each, with {id} in the host or the path`;
    const session = place.layers.at(-1)?.source;
    return session === undefined
      ? []
      : [placed({ severity: 'error', code: 'duplicate-route', path, message }, place.layers, session)];
  });
}
