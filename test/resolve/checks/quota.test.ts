import { synthesizeProject } from '../../../src/synth/synthesize';
import { placeOf, placesWith, problemsOfCode } from '../../support/problems';
import { cohort, type Files, lab, project, projectWith, session, smallProject } from '../../support/project';

const infra = (settings: object, more: object = {}): Files => ({
  'dozlab.yaml': project({ infra: settings, ...more }),
});

describe('validate warns about sessions over quota', () => {
  const bob = { 'sessions/class/bob.yaml': session('bob') };
  const warnings = (files: Files): string[] => problemsOfCode('over-quota', { ...bob, ...files }).map(placeOf);

  test('at maxSessions, with every exceeded resource', () => {
    const [warning] = problemsOfCode('over-quota', { ...bob, 'dozlab.yaml': project({ maxSessions: 1 }) });
    expect(warning).toMatchObject({ severity: 'warning', file: 'dozlab.yaml', line: 6, column: 16 });
    for (const part of [
      'is 1, while 2 sessions',
      'lab-class',
      'requests.cpu 1700m of 870m',
      'devices.kubevirt.io/kvm 2 of 1',
    ])
      expect(warning?.message).toContain(part);
  });

  test('at maxSessions of the cohort that sets it', () => {
    const files = {
      'dozlab.yaml': project({ maxSessions: 5 }),
      'sessions/class/cohort.yaml': cohort('class', { maxSessions: 1 }),
    };
    expect(warnings(files)).toEqual(['sessions/class/cohort.yaml:6:16 spec.maxSessions [over-quota]']);
  });

  test('without counting suspended sessions', () => {
    const suspended = { 'sessions/class/bob.yaml': session('bob', { suspended: true }) };
    expect(warnings({ ...suspended, 'dozlab.yaml': project({ maxSessions: 1 }) })).toEqual([]);
  });

  test('counting the claims of suspended sessions', () => {
    const kept = { volumes: { vmData: { persistence: { enabled: true } } } };
    const suspended = { 'sessions/class/bob.yaml': session('bob', { suspended: true, values: kept }) };
    const files = { ...suspended, ...infra({ quota: { hard: { persistentvolumeclaims: 0, pods: 1 } } }) };
    expect(problemsOfCode('over-quota', files)).toEqual([
      expect.objectContaining({
        severity: 'error',
        message: expect.stringContaining('persistentvolumeclaims 1 of 0, with the claims of 1 suspended') as string,
      }),
    ]);
  });

  test('at a limit that overrides maxSessions', () => {
    expect(warnings(infra({ quota: { hard: { pods: 1 } } }, { maxSessions: 50 }))).toEqual([
      'dozlab.yaml:9:15 spec.infra.quota.hard.pods [over-quota]',
    ]);
  });

  test('at the preset', () => {
    const values = { firecracker: { resources: { requests: { cpu: 15 }, limits: { cpu: 16 } } } };
    expect(warnings(infra({ quota: { preset: 'lab-sessions-quota' } }, { maxSessions: 50, values }))).toEqual([
      'dozlab.yaml:8:15 spec.infra.quota.preset [over-quota]',
    ]);
  });

  test('but not without a quota, nor if each cohort has its own', () => {
    expect(warnings(infra({ quota: { enabled: false } }, { maxSessions: 1 }))).toEqual([]);
    expect(
      problemsOfCode('over-quota', {
        'dozlab.yaml': project({ maxSessions: 1 }),
        'sessions/other/cohort.yaml': cohort('other'),
        'sessions/other/bob.yaml': session('bob'),
      }),
    ).toEqual([]);
  });

  test('adding up the cohorts of a namespace', () => {
    const files = {
      'dozlab.yaml': project({ maxSessions: 1 }),
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
      'sessions/other/bob.yaml': session('bob'),
    };
    expect(problemsOfCode('over-quota', files)).toHaveLength(1);
  });
});

describe('the quota', () => {
  const large = lab('large', {
    values: {
      rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
      terminal: { resources: { requests: { cpu: 4 }, limits: { cpu: 4 } } },
    },
  });
  const cpuOf = (settings: object): unknown => {
    const files = { ...infra(settings, { maxSessions: 2 }), 'labs/large.yaml': large };
    const { files: output = [] } = synthesizeProject(projectWith(smallProject(files)));
    const { content = '' } = output.find(({ path }) => path === 'infra/namespaces/lab-class.yaml') ?? {};
    return /requests\.cpu: "?([^"\n]*)/.exec(content)?.[1];
  };

  test('has room for sessions of the largest lab, unless spec.infra.quota.lab names one', () => {
    expect(cpuOf({ quota: { lab: 'vm' } })).toBe('1740m');
    expect(cpuOf({})).toBe(cpuOf({ quota: { lab: 'large' } }));
    expect(cpuOf({})).not.toBe('1740m');
  });

  test('rejects a lab that does not exist', () => {
    expect(placesWith(infra({ quota: { lab: 'vn' } }))).toEqual([
      'dozlab.yaml:8:12 spec.infra.quota.lab [unknown-lab]',
    ]);
    expect(placesWith({ 'sessions/class/cohort.yaml': cohort('class', { infra: { quota: { lab: 'vn' } } }) })).toEqual([
      'sessions/class/cohort.yaml:8:12 spec.infra.quota.lab [unknown-lab]',
    ]);
  });
});

test('null in a cohort removes a limit of the project', () => {
  const files = {
    ...infra({ quota: { hard: { pods: 1, services: 9 } } }),
    'sessions/class/cohort.yaml': cohort('class', { infra: { quota: { hard: { pods: null } } } }),
    'sessions/class/bob.yaml': session('bob'),
  };
  expect(problemsOfCode('over-quota', files)).toEqual([]);
});
