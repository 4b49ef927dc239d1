import { DNS_LABEL, expandPattern, hasAuthentication, isObjectName } from '../values/names';
import type { ValueProblem } from '../../core/diagnostics';
import type { SessionValues } from '../values/schema';
import { characters } from '../values/fields';
import { error, warning, type Rule } from './rule';

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

export const ingressIsWhole: Rule = (values) => {
  const { ingress } = values;
  if (!ingress.enabled) return hostsWithoutEffect(values, 'ingress');
  const problems = APPS.flatMap((app) => routeNames(values, 'ingress', app));
  if (ingress.vscode.host === undefined && ingress.terminal.host === undefined) {
    problems.push(
      error(
        ['ingress', 'vscode', 'host'],
        'is missing while ingress.enabled is true; accepted: a host name such as {id}.labs.example.com',
        'missing',
      ),
    );
  }
  if (ingress.terminal.host !== undefined && !isTerminalGuarded(values, 'ingress')) {
    problems.push(
      warning(
        ['ingress', 'terminal', 'host'],
        'makes no route: the terminal has no login; give ingress.terminal.annotations one that asks for it (such as nginx auth-url), or set allowUnauthenticated',
        'unauthenticated-route',
      ),
    );
  }
  if (ingress.tls.enabled) problems.push(...tlsSecretNames(values));
  for (const app of APPS) {
    const named = ingressAnnotations(values, app)['kubernetes.io/ingress.class'];
    if (named !== undefined && ingress.className !== undefined && named !== ingress.className) {
      problems.push(
        error(
          ['ingress', 'className'],
          `is ${ingress.className}, but the annotation kubernetes.io/ingress.class says otherwise; accepted: only one of them`,
        ),
      );
      break;
    }
  }
  return problems;
};

export const httpRouteIsWhole: Rule = (values) => {
  const { httpRoute } = values;
  if (!httpRoute.enabled) return hostsWithoutEffect(values, 'httpRoute');
  const problems = APPS.flatMap((app) => routeNames(values, 'httpRoute', app));
  if (httpRoute.parentRefs.length === 0) {
    problems.push(
      error(
        ['httpRoute', 'parentRefs'],
        'is empty while httpRoute.enabled is true; accepted: at least one Gateway',
        'missing',
      ),
    );
  }
  if (httpRoute.vscode.host === undefined && httpRoute.terminal.host === undefined) {
    problems.push(
      error(
        ['httpRoute', 'vscode', 'host'],
        'is missing while httpRoute.enabled is true; accepted: a host name such as {id}.labs.example.com',
        'missing',
      ),
    );
  }
  if (httpRoute.terminal.host !== undefined && !isTerminalGuarded(values, 'httpRoute')) {
    problems.push(
      warning(
        ['httpRoute', 'terminal', 'host'],
        'makes no route: the terminal has no login; give httpRoute.terminal.filters an ExtensionRef that asks for it, or set allowUnauthenticated',
        'unauthenticated-route',
      ),
    );
  }
  return problems;
};

const hostsWithoutEffect = (values: SessionValues, kind: 'ingress' | 'httpRoute'): ValueProblem[] =>
  APPS.flatMap((app) =>
    values[kind][app].host === undefined
      ? []
      : [warning([kind, app, 'host'], `has no effect while ${kind}.enabled is false`, 'has-no-effect')],
  );

function routeNames(values: SessionValues, kind: 'ingress' | 'httpRoute', app: 'vscode' | 'terminal'): ValueProblem[] {
  const { host, path } = values[kind][app];
  const { id, userId } = values.session;
  const problems: ValueProblem[] = [];
  if (host !== undefined && !isHostName(expandPattern(host, id, userId))) {
    problems.push(
      error(
        [kind, app, 'host'],
        `gives ${expandPattern(host, id, userId)}; accepted: a pattern that gives a DNS name of at most 253 characters, each part at most 63 of a-z, 0-9 and -, with no placeholders but {id} and {user}`,
        'wrong-value',
      ),
    );
  }
  if (/[{}]/.test(expandPattern(path, id, userId)) || /\/\/|\/\.\.?(\/|$)|%2f/i.test(path)) {
    problems.push(
      error(
        [kind, app, 'path'],
        `gives ${expandPattern(path, id, userId)}; accepted: a path without //, /./ or /../, with no placeholders but {id} and {user}`,
        'wrong-value',
      ),
    );
  }
  return problems;
}

const tlsSecretNames: Rule = (values) =>
  APPS.flatMap((app) => {
    const { host, tlsSecretName } = values.ingress[app];
    const name = expandPattern(tlsSecretName, values.session.id, values.session.userId);
    if (host === undefined || (isObjectName(name) && !PASSWORD_SECRET.test(name))) return [];
    const accepted = 'a pattern that gives the name of a Secret, other than lab-session-<id>-secrets for passwords';
    return [error(['ingress', app, 'tlsSecretName'], `gives no valid name; accepted: ${accepted}`, 'wrong-value')];
  });

/** cert-manager would replace the password. */
const PASSWORD_SECRET = /^lab-session-.+-secrets$/;

const isHostName = (name: string): boolean =>
  characters(name) <= 253 && !/(^|\.)[0-9]+$/.test(name) && name.split('.').every((part) => DNS_LABEL.test(part));
