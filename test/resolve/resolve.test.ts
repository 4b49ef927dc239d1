import { loadProject } from '../../src/source/load-project';
import { requirementProblems } from '../../src/resolve/checks/requirements';
import { resolveProject } from '../../src/resolve/resolve';
import { errorsWith, placeOf, placesWith } from '../support/problems';
import { cohort, lab, projectWith, session, smallProject, type Files } from '../support/project';

describe('what involves several files', () => {
  test('a lab that is not declared, with the name that may be meant', () => {
    const [error, ...others] = errorsWith({
      'labs/kubernetes.yaml': lab('kubernetes'),
      'sessions/class/alice.yaml': session('alice', { lab: 'kubernets' }),
    });
    expect(others).toEqual([]);
    expect(error && placeOf(error)).toBe('sessions/class/alice.yaml:7:8 spec.lab [unknown-lab]');
    expect(error?.message).toContain('"kubernets"');
    expect(error?.message).toContain('did you mean kubernetes?');
  });

  test('a lab that is like none, with all that there are', () => {
    const [error] = errorsWith({
      'labs/kubernetes.yaml': lab('kubernetes'),
      'sessions/class/alice.yaml': session('alice', { lab: 'windows' }),
    });
    expect(error?.message).toContain('kubernetes, vm');
  });

  test('two sessions with one id in one namespace name each other', () => {
    const errors = errorsWith({
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
      'sessions/other/alice.yaml': session('alice'),
    });
    expect(errors.map(placeOf)).toEqual(['sessions/other/alice.yaml:4:9 metadata.name [duplicate-session]']);
    expect(errors[0]?.message).toContain('sessions/class/alice.yaml');
    expect(errors[0]?.message).toContain('rooms');
  });

  test('a namespace that is given to one cohort and follows from the name of another', () => {
    const places = placesWith({
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'lab-class' }),
      'sessions/other/alice.yaml': session('alice'),
    });
    expect(places).toEqual(['sessions/other/alice.yaml:4:9 metadata.name [duplicate-session]']);
  });

  test('one id in two namespaces is fine', () => {
    expect(
      placesWith({ 'sessions/other/cohort.yaml': cohort('other'), 'sessions/other/alice.yaml': session('alice') }),
    ).toEqual([]);
  });
});

describe('routes', () => {
  const ingress = (host: string, more: object = {}) => ({
    values: { ingress: { enabled: true, vscode: { host, ...more } } },
  });

  test('a host without {id} for two sessions is an error that names them', () => {
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

  test('sessions of two namespaces share the cluster’s host names too', () => {
    const errors = errorsWith({
      'sessions/class/alice.yaml': session('alice', ingress('labs.example.com')),
      'sessions/other/cohort.yaml': cohort('other'),
      'sessions/other/bob.yaml': session('bob', ingress('labs.example.com')),
    });
    expect(errors.map(({ code }) => code)).toEqual(['duplicate-route']);
    expect(errors[0]?.message).toContain('alice, bob');
  });

  test('{user} does not tell two sessions of one user apart', () => {
    const errors = errorsWith({
      'sessions/class/cohort.yaml': cohort('class', ingress('{user}.example.com')),
      'sessions/class/alice-2.yaml': session('alice-2'),
    });
    expect(errors.map(({ code }) => code)).toEqual(['duplicate-route']);
  });

  test('VS Code and the terminal of one session at one address', () => {
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
    ['{id} in the host', ingress('{id}.labs.example.com')],
    ['{id} in the path', ingress('labs.example.com', { path: '/{id}' })],
  ])('%s is fine', (_, spec) => {
    expect(
      placesWith({ 'sessions/class/cohort.yaml': cohort('class', spec), 'sessions/class/bob.yaml': session('bob') }),
    ).toEqual([]);
  });
});

describe('prerequisites', () => {
  const neededIn = (files: object) => {
    const { sessions } = resolveProject(loadProject(projectWith(smallProject({ ...files }))));
    return requirementProblems(sessions);
  };

  test('the Secret of a session, as information', () => {
    expect(neededIn({}).filter(({ message }) => message.includes('Secret'))).toEqual([
      {
        severity: 'info',
        code: 'prerequisite',
        file: 'sessions/class/alice.yaml',
        line: 1,
        column: 1,
        path: '',
        message:
          'needs the Secret lab-session-alice-secrets in the namespace lab-class with the key vscode-password for the password of VS Code',
      },
    ]);
  });

  test('the devices of the microVM', () => {
    expect(neededIn({}).map(({ message }) => message)).toContain(
      'needs the node resource devices.kubevirt.io/kvm for a container, from a device plugin',
    );
  });

  test('what several sessions need is told once', () => {
    const values = { codeServer: { existingSecret: 'passwords' }, priorityClassName: 'high', runtimeClassName: 'kata' };
    const messages = neededIn({
      'sessions/class/cohort.yaml': cohort('class', { values }),
      'sessions/class/bob.yaml': session('bob'),
    }).map(({ message }) => message);
    expect(messages).toHaveLength(5);
    for (const name of ['the Secret passwords', 'the PriorityClass high', 'the RuntimeClass kata'])
      expect(messages.join('\n')).toContain(name);
  });

  test('what a session refers to, but not what is optional', () => {
    const extraEnv = [
      { name: 'A', valueFrom: { secretKeyRef: { name: 'tokens', key: 'a' } } },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'settings', key: 'b' } } },
      { name: 'C', valueFrom: { secretKeyRef: { name: 'perhaps', key: 'c', optional: true } } },
    ];
    const values = {
      terminal: { extraEnv },
      imagePullSecrets: [{ name: 'registry' }],
      volumes: {
        vmData: { persistence: { enabled: true, existingClaim: 'work' } },
        vscodeData: { persistence: { enabled: true, storageClassName: 'fast' } },
      },
      ingress: { enabled: true, className: 'nginx', clusterIssuer: 'acme', vscode: { host: '{id}.example.com' } },
      httpRoute: {
        enabled: true,
        parentRefs: [{ name: 'gate', namespace: 'edge' }],
        vscode: { host: '{id}.example.com' },
      },
    };
    const text = neededIn({ 'sessions/class/alice.yaml': session('alice', { values }) })
      .map(({ message }) => message)
      .join('\n');
    for (const name of [
      'Secret tokens',
      'ConfigMap settings',
      'Secret registry',
      'PersistentVolumeClaim work',
      'StorageClass fast',
      'IngressClass nginx',
      'ClusterIssuer acme',
      'Gateway gate in the namespace edge',
    ])
      expect(text).toContain(name);
    expect(text).not.toContain('perhaps');
  });
});

test('sessions that differ only in who they are for have values as if each were alone', () => {
  const MORE: Record<string, object> = {
    a: { userId: 'a', suspended: true, expiresAt: '2030-01-01T00:00:00Z' },
    b: { userId: 'b' },
    c: { userId: 'c', suspended: false },
  };
  const fileOf = (id: string): Files => ({ [`sessions/class/${id}.yaml`]: session(id, MORE[id] ?? {}) });
  const valuesOf = (ids: readonly string[]) =>
    resolveProject(loadProject(projectWith(smallProject(Object.assign({}, ...ids.map(fileOf)) as Files))))
      .sessions.filter(({ id }) => id !== 'alice')
      .map(({ values }) => values);
  expect(valuesOf(['a', 'b', 'c'])).toEqual(['a', 'b', 'c'].flatMap((id) => valuesOf([id])));
});
