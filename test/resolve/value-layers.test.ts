import { synthesizeProject } from '../../src/synth/synthesize';
import type { SessionValues } from '../../src/api/values/schema';
import { errorsWith, placeOf } from '../support/problems';
import { cohort, lab, project, projectWith, session } from '../support/project';

const URL = 'https://example.com/rootfs.ext4';

interface Levels {
  readonly project?: object;
  readonly lab?: object;
  readonly cohort?: object;
  readonly session?: object;
}

/** The values of a session of which each level sets some. */
function valuesOf(levels: Levels): SessionValues {
  const { sessions, problems } = synthesizeProject(
    projectWith({
      'dozlab.yaml': project({ values: levels.project ?? {} }),
      'labs/vm.yaml': lab('vm', { values: { rootfs: { imageUrl: URL }, ...levels.lab } }),
      'sessions/class/cohort.yaml': cohort('class', { values: levels.cohort ?? {} }),
      'sessions/class/alice.yaml': session('alice', { values: levels.session ?? {} }),
    }),
  );
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const [only] = sessions;
  if (only === undefined) throw new Error('the session is missing');
  return only.values;
}

const LEVELS = ['project', 'lab', 'cohort', 'session'] as const;

describe('values: defaults < project < lab < cohort < session', () => {
  test('a value that no file sets has its default', () => {
    expect(valuesOf({}).terminationGracePeriodSeconds).toBe(30);
  });

  test.each(LEVELS)('%s wins over all levels before it', (last) => {
    const levels = LEVELS.slice(0, LEVELS.indexOf(last) + 1);
    const values = Object.fromEntries(
      levels.map((level, index) => [level, { terminationGracePeriodSeconds: 100 + index }]),
    );
    expect(valuesOf(values).terminationGracePeriodSeconds).toBe(100 + levels.length - 1);
  });

  test('mappings are merged key by key, at any depth', () => {
    const values = valuesOf({
      project: { labels: { a: 'project', b: 'project', c: 'project', d: 'project' } },
      lab: { labels: { b: 'lab', c: 'lab', d: 'lab' }, firecracker: { vm: { cpuCount: 4 } } },
      cohort: { labels: { c: 'cohort', d: 'cohort' }, firecracker: { vm: { memory: 4096 } } },
      session: { labels: { d: 'session' } },
    });
    expect(values.labels).toEqual({ a: 'project', b: 'lab', c: 'cohort', d: 'session' });
    expect(values.firecracker.vm).toEqual({ cpuCount: 4, memory: 4096 });
  });

  test('lists are replaced', () => {
    const values = valuesOf({
      project: { imagePullSecrets: [{ name: 'one' }, { name: 'two' }], tolerations: [{ operator: 'Exists' }] },
      session: { imagePullSecrets: [{ name: 'three' }], tolerations: [] },
    });
    expect(values.imagePullSecrets).toEqual([{ name: 'three' }]);
    expect(values.tolerations).toEqual([]);
  });

  test.each(['lab', 'cohort', 'session'] as const)('null in the %s removes an inherited value', (level) => {
    const outer = { labels: { a: 'x', b: 'y' }, priorityClassName: 'high', ingress: { className: 'nginx' } };
    const values = valuesOf({
      project: outer,
      [level]: { labels: { a: null }, priorityClassName: null, ingress: { className: null } },
    });
    expect(values.labels).toEqual({ b: 'y' });
    expect(values).not.toHaveProperty('priorityClassName');
    expect(values.ingress).not.toHaveProperty('className');
  });

  test('an inner file may set a value that another removed', () => {
    const values = valuesOf({
      project: { labels: { a: 'project' } },
      lab: { labels: { a: null } },
      cohort: { labels: { a: 'cohort' } },
    });
    expect(values.labels).toEqual({ a: 'cohort' });
  });

  test('the identity comes from the session alone', () => {
    const { sessions } = synthesizeProject(
      projectWith({
        'dozlab.yaml': project(),
        'labs/vm.yaml': lab('vm'),
        'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
        'sessions/class/alice.yaml': session('alice', { expiresAt: '2027-01-31T18:00:00Z', suspended: true }),
      }),
    );
    expect(sessions[0]).toMatchObject({
      id: 'alice',
      cohort: 'class',
      namespace: 'rooms',
      values: { session: { id: 'alice', userId: 'alice', expiresAt: '2027-01-31T18:00:00Z' }, suspended: true },
    });
  });
});

describe('an error is reported where the value is set', () => {
  test.each<[string, Levels]>([
    ['dozlab.yaml', { project: { network: { vmIp: '10.0.0.2' } } }],
    ['labs/vm.yaml', { lab: { network: { vmIp: '10.0.0.2' } } }],
    ['sessions/class/cohort.yaml', { cohort: { network: { vmIp: '10.0.0.2' } } }],
    ['sessions/class/alice.yaml', { session: { network: { vmIp: '10.0.0.2' } } }],
  ])('%s', (file, levels) => {
    const { problems } = synthesizeProject(
      projectWith({
        'dozlab.yaml': project({ values: levels.project ?? {} }),
        'labs/vm.yaml': lab('vm', { values: { rootfs: { imageUrl: URL }, ...levels.lab } }),
        'sessions/class/cohort.yaml': cohort('class', { values: levels.cohort ?? {} }),
        'sessions/class/alice.yaml': session('alice', { values: levels.session ?? {} }),
        'sessions/class/bob.yaml': session('bob', { values: levels.session ?? {} }),
      }),
    );
    const errors = problems.filter(({ severity }) => severity === 'error');
    const both = file === 'sessions/class/alice.yaml' ? [file, 'sessions/class/bob.yaml'] : [file];
    expect(errors.map((error) => [error.file, error.path])).toEqual(
      both.map((each) => [each, 'spec.values.network.vmIp']),
    );
  });
});

describe('an unknown lab', () => {
  test('is an error that suggests a similar name', () => {
    const [error, ...others] = errorsWith({
      'labs/kubernetes.yaml': lab('kubernetes'),
      'sessions/class/alice.yaml': session('alice', { lab: 'kubernets' }),
    });
    expect(others).toEqual([]);
    expect(error && placeOf(error)).toBe('sessions/class/alice.yaml:7:8 spec.lab [unknown-lab]');
    expect(error?.message).toContain('"kubernets"');
    expect(error?.message).toContain('did you mean kubernetes?');
  });

  test('is an error that lists all labs', () => {
    const [error] = errorsWith({
      'labs/kubernetes.yaml': lab('kubernetes'),
      'sessions/class/alice.yaml': session('alice', { lab: 'windows' }),
    });
    expect(error?.message).toContain('kubernetes, vm');
  });
});
