import { hasAuthentication } from './names';
import type { SessionValues } from './schema';

export const APPS = ['vscode', 'terminal'] as const;

export interface MadeRoute {
  readonly kind: 'ingress' | 'httpRoute';
  readonly app: (typeof APPS)[number];
  /** Host patterns. */
  readonly host: string;
  readonly path: string;
}

export const ingressAnnotations = (
  { annotations, ingress }: SessionValues,
  app: (typeof APPS)[number],
): Record<string, string> => ({ ...annotations, ...ingress.annotations, ...ingress[app].annotations });

/** Also true if the user allows access without a login. */
export const isTerminalGuarded = (values: SessionValues, kind: MadeRoute['kind']): boolean =>
  values[kind].terminal.allowUnauthenticated ||
  (kind === 'ingress'
    ? hasAuthentication(ingressAnnotations(values, 'terminal'))
    : values.httpRoute.terminal.filters.some(({ type }) => type === 'ExtensionRef'));

/** Routes need a host. Routes to the terminal must be guarded. */
export const madeRoutes = (values: SessionValues): MadeRoute[] =>
  (['ingress', 'httpRoute'] as const).flatMap((kind) =>
    APPS.flatMap((app) => {
      const { host, path } = values[kind][app];
      const isMade = values[kind].enabled && (app === 'vscode' || isTerminalGuarded(values, kind));
      return host === undefined || !isMade ? [] : [{ kind, app, host, path }];
    }),
  );
