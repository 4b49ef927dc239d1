import { placeOf, problemsOfCode } from '../../support/problems';
import { cohort, type Files, project, session } from '../../support/project';

const infra = (settings: object, more: object = {}): Files => ({
  'dozlab.yaml': project({ infra: settings, ...more }),
});

describe('validate warns about an image', () => {
  const own = {
    'sessions/class/alice.yaml': session('alice', { values: { terminal: { image: 'example.com/own', tag: 'v1' } } }),
  };

  test('that only a session sets', () => {
    const [warning, ...others] = problemsOfCode('not-admitted', own);
    expect(others).toEqual([]);
    expect(warning && placeOf(warning)).toBe(
      'sessions/class/alice.yaml:10:14 spec.values.terminal.image [not-admitted]',
    );
    expect(warning?.message).toContain('example.com/own:v1');
  });

  test.each<[string, Files]>([
    [
      'its cohort has it',
      {
        'sessions/class/cohort.yaml': cohort('class', {
          values: { terminal: { image: 'example.com/own', tag: 'v1' } },
        }),
      },
    ],
    ['podPolicy.images lists it', infra({ podPolicy: { images: ['example.com/own:v1'] } })],
    ['podPolicy.images lists its prefix with *', infra({ podPolicy: { images: ['example.com/*'] } })],
    ['there is no policy', infra({ podPolicy: { enabled: false } })],
    [
      'the namespace is not the project’s own',
      { 'sessions/class/cohort.yaml': cohort('class', { namespace: 'default' }) },
    ],
  ])('but not if %s', (_, files) => {
    expect(problemsOfCode('not-admitted', { ...own, ...files })).toEqual([]);
  });

  test('of which podPolicy.images lists a prefix without *', () => {
    expect(
      problemsOfCode('not-admitted', { ...own, ...infra({ podPolicy: { images: ['example.com/own'] } }) }),
    ).toHaveLength(1);
  });
});

describe('validate warns about a capability', () => {
  const adding = (...capabilities: string[]) => ({ values: { firecracker: { capabilities } } });
  const own = { 'sessions/class/alice.yaml': session('alice', adding('NET_ADMIN', 'SYS_PTRACE')) };

  test('that only a session adds', () => {
    const [warning, ...others] = problemsOfCode('not-admitted', own);
    expect(others).toEqual([]);
    expect(warning && placeOf(warning)).toBe(
      'sessions/class/alice.yaml:11:9 spec.values.firecracker.capabilities [not-admitted]',
    );
    expect(warning?.message).toContain('adds SYS_PTRACE');
  });

  test('of the defaults that all labs leave out', () => {
    const files = {
      'dozlab.yaml': project(adding('NET_ADMIN')),
      'sessions/class/alice.yaml': session('alice', adding('SYS_ADMIN')),
    };
    expect(problemsOfCode('not-admitted', files).map(({ message }) => message)).toEqual([
      expect.stringContaining('accepted: NET_ADMIN, or more in'),
    ]);
  });

  test.each<[string, Files]>([
    ['its cohort has it', { 'sessions/class/cohort.yaml': cohort('class', adding('NET_ADMIN', 'SYS_PTRACE')) }],
    ['there is no policy', infra({ podPolicy: { enabled: false } })],
    ['a session adds fewer', { 'sessions/class/alice.yaml': session('alice', adding()) }],
  ])('but not if %s', (_, files) => {
    expect(problemsOfCode('not-admitted', { ...own, ...files })).toEqual([]);
  });
});

describe('validate warns about isolation that is stricter than that of the cohort', () => {
  const networkPolicy = { ingressNamespaces: [], blockedRanges: ['8.0.0.0/8'] };
  const stricter = { 'sessions/class/alice.yaml': session('alice', { values: { networkPolicy } }) };

  test('for each key', () => {
    expect(problemsOfCode('has-no-effect', stricter).map(placeOf)).toEqual([
      'sessions/class/alice.yaml:10:26 spec.values.networkPolicy.ingressNamespaces [has-no-effect]',
      'sessions/class/alice.yaml:12:9 spec.values.networkPolicy.blockedRanges [has-no-effect]',
    ]);
  });

  test.each<[string, Files]>([
    ['the cohort has the same', { 'sessions/class/cohort.yaml': cohort('class', { values: { networkPolicy } }) }],
    ['there is no policy for all sessions', infra({ networkPolicy: { isolation: false } })],
  ])('but not if %s', (_, files) => {
    expect(problemsOfCode('has-no-effect', { ...stricter, ...files })).toEqual([]);
  });
});
