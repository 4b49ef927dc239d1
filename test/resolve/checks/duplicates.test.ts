import { errorsWith, placeOf, placesWith, problemsOfCode } from '../../support/problems';
import { cohort, project, session, type Files } from '../../support/project';

describe('session ids', () => {
  test('must differ within a namespace', () => {
    const errors = errorsWith({
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
      'sessions/other/alice.yaml': session('alice'),
    });
    expect(errors.map(placeOf)).toEqual(['sessions/other/alice.yaml:4:9 metadata.name [duplicate-session]']);
    expect(errors[0]?.message).toContain('sessions/class/alice.yaml');
    expect(errors[0]?.message).toContain('rooms');
  });

  test('must differ within a namespace that follows from the name of a cohort', () => {
    const places = placesWith({
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'lab-class' }),
      'sessions/other/alice.yaml': session('alice'),
    });
    expect(places).toEqual(['sessions/other/alice.yaml:4:9 metadata.name [duplicate-session]']);
  });

  test('may be equal in two namespaces', () => {
    expect(
      placesWith({ 'sessions/other/cohort.yaml': cohort('other'), 'sessions/other/alice.yaml': session('alice') }),
    ).toEqual([]);
  });
});

describe('routes', () => {
  const ingress = (host: string, more: object = {}) => ({
    values: { ingress: { enabled: true, vscode: { host, ...more } } },
  });

  test('of two sessions must not share a host without {id}', () => {
    const errors = errorsWith({
      'sessions/class/cohort.yaml': cohort('class', ingress('labs.example.com')),
      'sessions/class/bob.yaml': session('bob'),
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      file: 'sessions/class/cohort.yaml',
      path: 'spec.values.ingress.vscode.host',
      code: 'duplicate-route',
    });
    for (const part of ['alice', 'bob', 'labs.example.com', '{id}']) expect(errors[0]?.message).toContain(part);
  });

  test('of two namespaces must not share a host', () => {
    const errors = errorsWith({
      'sessions/class/alice.yaml': session('alice', ingress('labs.example.com')),
      'sessions/other/cohort.yaml': cohort('other'),
      'sessions/other/bob.yaml': session('bob', ingress('labs.example.com')),
    });
    expect(errors.map(({ code }) => code)).toEqual(['duplicate-route']);
    expect(errors[0]?.message).toContain('alice, bob');
  });

  test.each([
    ['/x', '/x/', true],
    ['/x/{id}', '/x/alice/', true],
    ['/', '/x', false],
    ['/x', '/x/y', false],
  ])('with the paths %s and %s: refused %s', (one, other, isRefused) => {
    const errors = errorsWith({
      'sessions/class/alice.yaml': session('alice', ingress('labs.example.com', { path: one })),
      'sessions/class/bob.yaml': session('bob', ingress('labs.example.com', { path: other })),
    });
    expect(errors.map(({ code }) => code)).toEqual(isRefused ? ['duplicate-route'] : []);
  });

  test('of one user must not share a host with {user}', () => {
    const errors = errorsWith({
      'sessions/class/cohort.yaml': cohort('class', ingress('{user}.example.com')),
      'sessions/class/alice-2.yaml': session('alice-2'),
    });
    expect(errors.map(({ code }) => code)).toEqual(['duplicate-route']);
  });

  test('of one session must not share an address', () => {
    const values = {
      ingress: {
        enabled: true,
        vscode: { host: 'a.example.com' },
        terminal: { host: 'a.example.com', allowUnauthenticated: true },
      },
    };
    expect(errorsWith({ 'sessions/class/alice.yaml': session('alice', { values }) }).map(({ code }) => code)).toEqual([
      'duplicate-route',
    ]);
  });

  test.each([
    ['{id} in it', ingress('{id}.labs.example.com')],
    ['{id} in the path', ingress('labs.example.com', { path: '/{id}' })],
  ])('may share a host with %s', (_, spec) => {
    expect(
      placesWith({ 'sessions/class/cohort.yaml': cohort('class', spec), 'sessions/class/bob.yaml': session('bob') }),
    ).toEqual([]);
  });
});

describe('names that sessions of a namespace share', () => {
  const claim = (existingClaim?: string) => ({
    enabled: true,
    ...(existingClaim === undefined ? {} : { existingClaim }),
  });
  const volumes = (of: object) => ({ values: { volumes: of } });
  const kernels = (existingClaim?: string) => volumes({ kernels: { persistence: claim(existingClaim) } });
  const bob = { 'sessions/class/bob.yaml': session('bob') };
  const inOneNamespace = {
    'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
    'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
  };
  const CLAIM = 'spec.values.volumes.kernels.persistence.existingClaim';

  test('a claim of a cohort must differ for each session', () => {
    const errors = errorsWith({ 'sessions/class/cohort.yaml': cohort('class', kernels('shared')), ...bob });
    expect(errors.map(({ file, path, code, message }) => [file, path, code, message])).toEqual([
      [
        'sessions/class/cohort.yaml',
        CLAIM,
        'duplicate-claim',
        'gives several sessions the claim shared (alice, bob): they would write the same files; accepted: a pattern that differs for each, such as work-{id}, or no existingClaim, so that each session makes its own',
      ],
    ]);
  });

  test('a claim of the project must differ in cohorts that share a namespace, and need not in others', () => {
    const files = { 'dozlab.yaml': project(kernels('shared')), 'sessions/other/carol.yaml': session('carol') };
    expect(placesWith({ ...files, ...inOneNamespace })).toEqual([
      expect.stringMatching(/^dozlab\.yaml:\S+ spec\.values\.volumes\.kernels\.\S+ \[duplicate-claim\]$/),
    ]);
    expect(placesWith({ ...files, 'sessions/other/cohort.yaml': cohort('other') })).toEqual([]);
  });

  test.each([
    ['for different volumes', volumes({ vmData: { persistence: claim('shared') } })],
    ['for a session that is suspended', { ...kernels('shared'), suspended: true }],
  ])('a claim must differ %s', (_, spec) => {
    expect(
      errorsWith({
        'sessions/class/alice.yaml': session('alice', kernels('shared')),
        'sessions/class/bob.yaml': session('bob', spec),
      }).map(({ file, code }) => [file, code]),
    ).toEqual([['sessions/class/bob.yaml', 'duplicate-claim']]);
  });

  test('a claim that another session makes is not taken', () => {
    const errors = errorsWith({
      'sessions/class/alice.yaml': session('alice', kernels('lab-session-bob-kernels')),
      'sessions/class/bob.yaml': session('bob', kernels()),
    });
    expect(errors.map(({ file, path, code }) => [file, path, code])).toEqual([
      ['sessions/class/alice.yaml', CLAIM, 'duplicate-claim'],
    ]);
  });

  test('a claim with {id} is accepted, and so is one that is not used', () => {
    for (const pattern of ['work-{id}', '{id}.{user}'])
      expect(errorsWith({ 'sessions/class/cohort.yaml': cohort('class', kernels(pattern)), ...bob })).toEqual([]);
    const unused = volumes({ kernels: { persistence: { existingClaim: 'shared' } } });
    expect(errorsWith({ 'sessions/class/cohort.yaml': cohort('class', unused), ...bob })).toEqual([]);
    const ofUser = { 'sessions/class/cohort.yaml': cohort('class', kernels('{user}')), ...bob };
    expect(errorsWith(ofUser).map(({ code }) => code)).toEqual(['duplicate-claim']);
  });

  test('a Secret with the password may be shared, with a warning', () => {
    const secret = (existingSecret: string, more: object = {}) => ({
      values: { codeServer: { existingSecret, ...more } },
    });
    const warnings = (files: Files) =>
      problemsOfCode('shared-password', files).map(({ severity, file, message }) => [severity, file, message]);
    expect(warnings({ 'sessions/class/cohort.yaml': cohort('class', secret('all')), ...bob })).toEqual([
      [
        'warning',
        'sessions/class/cohort.yaml',
        'gives several sessions the password of the Secret all with the key vscode-password (alice, bob): who knows it can enter all of them. Fix: leave it out, so that each session has its own, unless that is meant',
      ],
    ]);
    const taken = { 'sessions/class/alice.yaml': session('alice', secret('lab-session-bob-secrets')), ...bob };
    expect(warnings(taken)).toHaveLength(1);
    const keys = {
      'sessions/class/alice.yaml': session('alice', secret('all', { existingSecretKey: 'alice' })),
      'sessions/class/bob.yaml': session('bob', secret('all', { existingSecretKey: 'bob' })),
    };
    expect(warnings(keys)).toEqual([]);
  });

  const ingress = (tlsSecretName: string, more: object = {}) => ({
    values: { ingress: { enabled: true, ...more, vscode: { host: '{id}.example.com', tlsSecretName } } },
  });
  const codesWith = (spec: object): string[] =>
    errorsWith({ 'sessions/class/cohort.yaml': cohort('class', spec), ...bob }).map(
      ({ code, path }) => `${code} ${path}`,
    );

  test('a Secret for certificates that cert-manager makes must differ for each host', () => {
    const issuer = { clusterIssuer: 'acme' };
    const annotations = { annotations: { 'cert-manager.io/issuer': 'acme' } };
    for (const more of [issuer, annotations])
      expect(codesWith(ingress('wildcard', more))).toEqual([
        'duplicate-certificate spec.values.ingress.vscode.tlsSecretName',
      ]);
    expect(codesWith(ingress('wildcard'))).toEqual([]);
    expect(codesWith(ingress('{id}-tls', issuer))).toEqual([]);
    expect(codesWith(ingress('wildcard', { ...issuer, tls: { enabled: false } }))).toEqual([]);
  });

  test('a Secret for certificates is not the one with a password', () => {
    const { values } = ingress('passwords', { clusterIssuer: 'acme' });
    const alice = session('alice', { values: { ...values, codeServer: { existingSecret: 'passwords' } } });
    expect(errorsWith({ 'sessions/class/alice.yaml': alice }).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'conflict spec.values.ingress.vscode.tlsSecretName',
    ]);
  });
});
