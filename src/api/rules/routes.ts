import { and, entry, equals, isEmpty, isSet, matches, not, or, orElse, overlay, refuse } from '@dozlab/charts';
import type { ValueProblem } from '../../core/diagnostics';
import { hasAuthentication } from '../values/names';
import type { SessionValues } from '../values/schema';
import { fillPattern } from '../values/template-functions';
import { type ChartRule, isObjectName, type Rule, type ValuesView, warning } from './rule';

const APPS = ['vscode', 'terminal'] as const;

export interface EnabledRoute {
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
const isTerminalGuarded = (values: SessionValues, kind: EnabledRoute['kind']): boolean =>
  values[kind].terminal.allowUnauthenticated ||
  (kind === 'ingress'
    ? hasAuthentication(ingressAnnotations(values, 'terminal'))
    : values.httpRoute.terminal.filters.some(({ type }) => type === 'ExtensionRef'));

/** Routes need a host. Routes to the terminal must be guarded. */
export const enabledRoutes = (values: SessionValues): EnabledRoute[] =>
  (['ingress', 'httpRoute'] as const).flatMap((kind) =>
    APPS.flatMap((app) => {
      const { host, path } = values[kind][app];
      const isMade = values[kind].enabled && (app === 'vscode' || isTerminalGuarded(values, kind));
      return host === undefined || !isMade ? [] : [{ kind, app, host, path }];
    }),
  );

type Kind = EnabledRoute['kind'];

const HOST_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

const routeHasNames = (view: ValuesView, kind: Kind, app: (typeof APPS)[number]) => {
  const { enabled } = view[kind];
  const { host, path } = view[kind][app];
  const forSession = (pattern: string): string => fillPattern(pattern, view.session.id, view.session.userId);
  const [filledHost, filledPath] = [forSession(orElse(host, 'none')), forSession(path)];
  const isHostName = and(
    matches(filledHost, HOST_NAME),
    matches(filledHost, /^.{1,253}$/),
    not(matches(filledHost, /(^|\.)[0-9]+$/)),
  );
  return [
    ...refuse(
      and(enabled, not(isHostName)),
      [kind, app, 'host'],
      `gives ${filledHost}; accepted: a pattern that gives a DNS name of at most 253 characters, each part at most 63 of a-z, 0-9 and -, with no placeholders but {id} and {user}`,
      'wrong-value',
    ),
    ...refuse(
      and(enabled, or(matches(filledPath, /[{}]/), matches(path, /\/\/|\/\.\.?(\/|$)|%2f/i))),
      [kind, app, 'path'],
      `gives ${filledPath}; accepted: a path without //, /./ or /../, with no placeholders but {id} and {user}`,
      'wrong-value',
    ),
  ];
};

const routesHaveHost = (view: ValuesView, kind: Kind) =>
  refuse(
    and(view[kind].enabled, not(isSet(view[kind].vscode.host)), not(isSet(view[kind].terminal.host))),
    [kind, 'vscode', 'host'],
    `is missing while ${kind}.enabled is true; accepted: a host name such as {id}.labs.example.com`,
    'missing',
  );

/** cert-manager would replace the password. */
const PASSWORD_SECRET = /^lab-session-.+-secrets$/;

const certificatesHaveNames: ChartRule = ({ session, ingress }) =>
  APPS.flatMap((app) => {
    const { host, tlsSecretName } = ingress[app];
    const name = fillPattern(tlsSecretName, session.id, session.userId);
    return refuse(
      and(
        ingress.enabled,
        ingress.tls.enabled,
        isSet(host),
        not(and(isObjectName(name), not(matches(name, PASSWORD_SECRET)))),
      ),
      ['ingress', app, 'tlsSecretName'],
      'gives no valid name; accepted: a pattern that gives the name of a Secret, other than lab-session-<id>-secrets for passwords',
      'wrong-value',
    );
  });

const classIsOne: ChartRule = ({ annotations, ingress }) => {
  const [vscode, terminal] = APPS.map((app) => {
    const named = entry(
      overlay(annotations, ingress.annotations, ingress[app].annotations),
      'kubernetes.io/ingress.class',
    );
    return and(isSet(named), not(equals(orElse(named, ''), orElse(ingress.className, ''))));
  });
  return refuse(
    and(ingress.enabled, isSet(ingress.className), or(vscode, terminal)),
    ['ingress', 'className'],
    `is ${orElse(ingress.className, '')}, but the annotation kubernetes.io/ingress.class says otherwise; accepted: only one of them`,
  );
};

export const ingressIsWhole: ChartRule = (view) => [
  ...APPS.flatMap((app) => routeHasNames(view, 'ingress', app)),
  ...routesHaveHost(view, 'ingress'),
  ...certificatesHaveNames(view),
  ...classIsOne(view),
];

export const httpRouteIsWhole: ChartRule = (view) => [
  ...APPS.flatMap((app) => routeHasNames(view, 'httpRoute', app)),
  ...refuse(
    and(view.httpRoute.enabled, isEmpty(view.httpRoute.parentRefs)),
    ['httpRoute', 'parentRefs'],
    'is empty while httpRoute.enabled is true; accepted: at least one Gateway',
    'missing',
  ),
  ...routesHaveHost(view, 'httpRoute'),
];

const GUARDS = {
  ingress: 'ingress.terminal.annotations one that asks for it (such as nginx auth-url)',
  httpRoute: 'httpRoute.terminal.filters an ExtensionRef that asks for it',
} as const;

export const routesAreMade: Rule = (values) =>
  (['ingress', 'httpRoute'] as const).flatMap((kind) => {
    if (!values[kind].enabled) return hostsWithoutEffect(values, kind);
    if (values[kind].terminal.host === undefined || isTerminalGuarded(values, kind)) return [];
    const message = `makes no route: the terminal has no login; give ${GUARDS[kind]}, or set allowUnauthenticated`;
    return [warning([kind, 'terminal', 'host'], message, 'unauthenticated-route')];
  });

const hostsWithoutEffect = (values: SessionValues, kind: Kind): ValueProblem[] =>
  APPS.flatMap((app) =>
    values[kind][app].host === undefined
      ? []
      : [warning([kind, app, 'host'], `has no effect while ${kind}.enabled is false`, 'has-no-effect')],
  );
