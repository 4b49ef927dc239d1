import { hasAuthentication } from './names';
import type { SessionValues } from './schema';

export const APPS = ['vscode', 'terminal'] as const;

/** A route of a session. */
export interface MadeRoute {
  readonly kind: 'ingress' | 'httpRoute';
  readonly app: (typeof APPS)[number];
  /** Patterns. */
  readonly host: string;
  readonly path: string;
}

/** The annotations of an Ingress, from the outermost to its own. */
export const ingressAnnotations = (
  { annotations, ingress }: SessionValues,
  app: (typeof APPS)[number],
): Record<string, string> => ({ ...annotations, ...ingress.annotations, ...ingress[app].annotations });

/** Whether a route to the terminal asks for a login, or is allowed without one. */
export const isTerminalGuarded = (values: SessionValues, kind: MadeRoute['kind']): boolean =>
  values[kind].terminal.allowUnauthenticated ||
  (kind === 'ingress'
    ? hasAuthentication(ingressAnnotations(values, 'terminal'))
    : values.httpRoute.terminal.filters.some(({ type }) => type === 'ExtensionRef'));

/** The routes that a session gets: routes with a host; to the terminal only guarded ones. */
export const madeRoutes = (values: SessionValues): MadeRoute[] =>
  (['ingress', 'httpRoute'] as const).flatMap((kind) =>
    APPS.flatMap((app) => {
      const { host, path } = values[kind][app];
      const isMade = values[kind].enabled && (app === 'vscode' || isTerminalGuarded(values, kind));
      return host === undefined || !isMade ? [] : [{ kind, app, host, path }];
    }),
  );
