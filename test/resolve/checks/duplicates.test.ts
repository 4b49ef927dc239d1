import { errorsWith, placeOf, placesWith } from '../../support/problems';
import { cohort, session } from '../../support/project';

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
