import type { Mapping } from '@dozlab/charts/schema';
import { goldenSession } from '../../support/golden';
import { labSession, metadataOf, namesOf, ofKind, one, specOf } from '../../support/manifests';

describe('an Ingress', () => {
  const enabled = {
    enabled: true,
    className: 'nginx',
    clusterIssuer: 'letsencrypt-prod',
    vscode: { host: '{id}-vscode.labs.example.com' },
  };

  it('has TLS, the issuer and timeouts for WebSockets', () => {
    const ingress = one(goldenSession('ingress', { ingress: enabled }), 'Ingress');

    expect(metadataOf(ingress).annotations).toEqual({
      'cert-manager.io/cluster-issuer': 'letsencrypt-prod',
      'dozlab.io/user-id': 'alice',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
    });
    expect(specOf(ingress)).toEqual({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['alice-001-vscode.labs.example.com'], secretName: 'alice-001-vscode-tls' }],
      rules: [
        {
          host: 'alice-001-vscode.labs.example.com',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'lab-service-alice-001', port: { name: 'vscode' } } },
              },
            ],
          },
        },
      ],
    });
  });

  it('of the terminal exists only with a login', () => {
    const terminal = { host: '{user}.terminal.example.com', path: '/{id}' };
    const login = { 'nginx.ingress.kubernetes.io/auth-url': 'https://login.example.com/oauth2/auth' };
    const names = (over: Mapping): string[] =>
      ofKind(labSession({ ingress: { ...enabled, terminal: { ...terminal, ...over } } }), 'Ingress').map(
        ({ metadata }) => metadata.name,
      );

    expect(namesOf(goldenSession('terminal-without-login', { ingress: { ...enabled, terminal } }))).not.toContain(
      'Ingress/lab-session-alice-001-terminal',
    );
    expect(names({ annotations: login })).toEqual(['lab-session-alice-001-vscode', 'lab-session-alice-001-terminal']);
    expect(names({ allowUnauthenticated: true })).toContain('lab-session-alice-001-terminal');

    const manifests = goldenSession('terminal-with-login', {
      ingress: { ...enabled, terminal: { ...terminal, annotations: login } },
    });
    const ingress = one(manifests, 'Ingress', 'lab-session-alice-001-terminal');

    expect(metadataOf(ingress).annotations).toMatchObject(login);
    expect(specOf<{ rules: unknown[] }>(ingress).rules).toEqual([
      {
        host: 'alice.terminal.example.com',
        http: {
          paths: [
            {
              path: '/alice-001',
              pathType: 'Prefix',
              backend: { service: { name: 'lab-service-alice-001', port: { name: 'terminal' } } },
            },
          ],
        },
      },
    ]);
    expect(metadataOf(one(manifests, 'Ingress', 'lab-session-alice-001-vscode')).annotations).not.toHaveProperty(
      'nginx.ingress.kubernetes.io/auth-url',
    );
  });

  it('has no TLS and no route that is not enabled', () => {
    const [ingress] = ofKind(labSession({ ingress: { ...enabled, tls: { enabled: false } } }), 'Ingress');

    expect(specOf(ingress)).not.toHaveProperty('tls');
    expect(ofKind(labSession({ ingress: { ...enabled, enabled: false } }), 'Ingress')).toEqual([]);
  });

  it('has annotations of the session, of all routes and of its own, of which the nearest win', () => {
    const manifests = labSession({
      annotations: { a: 'session', b: 'session', c: 'session' },
      ingress: {
        ...enabled,
        annotations: { b: 'both', c: 'both' },
        vscode: { host: 'a.b', annotations: { c: 'own' } },
      },
    });

    expect(metadataOf(one(manifests, 'Ingress')).annotations).toMatchObject({ a: 'session', b: 'both', c: 'own' });
    expect(metadataOf(one(manifests, 'Service')).annotations).toMatchObject({
      a: 'session',
      b: 'session',
      c: 'session',
    });
  });
});

describe('an HTTPRoute', () => {
  const filter = { type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Login', name: 'oidc' } };
  const httpRoute = {
    enabled: true,
    parentRefs: [{ name: 'web', namespace: 'gateways', sectionName: 'https' }],
    vscode: { host: '{id}.labs.example.com' },
    terminal: { host: 'terminal.labs.example.com', path: '/{id}' },
  };

  it('attaches to its Gateways without a timeout, and for the terminal only with a login', () => {
    const manifests = goldenSession('http-route', {
      httpRoute: { ...httpRoute, terminal: { ...httpRoute.terminal, filters: [filter] } },
    });

    expect(specOf(one(manifests, 'HTTPRoute', 'lab-session-alice-001-vscode'))).toEqual({
      parentRefs: httpRoute.parentRefs.map((parent) => ({
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        ...parent,
      })),
      hostnames: ['alice-001.labs.example.com'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: '', kind: 'Service', name: 'lab-service-alice-001', port: 8080, weight: 1 }],
          timeouts: { request: '0s' },
        },
      ],
    });
    expect(specOf(one(manifests, 'HTTPRoute', 'lab-session-alice-001-terminal'))).toMatchObject({
      hostnames: ['terminal.labs.example.com'],
      rules: [{ matches: [{ path: { value: '/alice-001' } }], filters: [filter], backendRefs: [{ port: 8081 }] }],
    });
    expect(ofKind(labSession({ httpRoute }), 'HTTPRoute').map(({ metadata }) => metadata.name)).toEqual([
      'lab-session-alice-001-vscode',
    ]);
  });

  it('follows the ports of the Service', () => {
    const manifests = labSession({ httpRoute, service: { ports: { vscode: 80 } } });

    expect(specOf(one(manifests, 'HTTPRoute'))).toMatchObject({ rules: [{ backendRefs: [{ port: 80 }] }] });
  });
});
