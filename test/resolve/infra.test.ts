import type { Problem } from '../../src/core/diagnostics';
import { synthesizeProject } from '../../src/synth/synthesize';
import { placeOf, placesWith, problemsIn } from '../support/problems';
import { cohort, lab, project, projectWith, session, smallProject, type Files } from '../support/project';

const ofCode = (code: string, files: Files): Problem[] =>
  problemsIn(projectWith(smallProject(files))).filter((problem) => problem.code === code);

const infra = (settings: object, more: object = {}): Files => ({
  'dozlab.yaml': project({ infra: settings, ...more }),
});

describe('more sessions than the quota has room for', () => {
  const bob = { 'sessions/class/bob.yaml': session('bob') };
  const warnings = (files: Files): string[] => ofCode('over-quota', { ...bob, ...files }).map(placeOf);

  test('are told where maxSessions is set, with all that they exceed', () => {
    const [warning] = ofCode('over-quota', { ...bob, 'dozlab.yaml': project({ maxSessions: 1 }) });
    expect(warning).toMatchObject({ severity: 'warning', file: 'dozlab.yaml', line: 6, column: 16 });
    for (const part of [
      'is 1, while 2 sessions',
      'lab-class',
      'requests.cpu 1700m of 870m',
      'devices.kubevirt.io/kvm 2 of 1',
    ])
      expect(warning?.message).toContain(part);
  });

  test('are told in the cohort when it sets maxSessions', () => {
    const files = {
      'dozlab.yaml': project({ maxSessions: 5 }),
      'sessions/class/cohort.yaml': cohort('class', { maxSessions: 1 }),
    };
    expect(warnings(files)).toEqual(['sessions/class/cohort.yaml:6:16 spec.maxSessions [over-quota]']);
  });

  test('do not count when they are suspended', () => {
    const suspended = { 'sessions/class/bob.yaml': session('bob', { suspended: true }) };
    expect(warnings({ ...suspended, 'dozlab.yaml': project({ maxSessions: 1 }) })).toEqual([]);
  });

  test('count by their claims when they are suspended, as claims stay', () => {
    const kept = { volumes: { vmData: { persistence: { enabled: true } } } };
    const suspended = { 'sessions/class/bob.yaml': session('bob', { suspended: true, values: kept }) };
    const files = { ...suspended, ...infra({ quota: { hard: { persistentvolumeclaims: 0, pods: 1 } } }) };
    expect(ofCode('over-quota', files)).toEqual([
      expect.objectContaining({
        severity: 'error',
        message: expect.stringContaining('persistentvolumeclaims 1 of 0, with the claims of 1 suspended') as string,
      }),
    ]);
  });

  test('are told at the limit that is given over what maxSessions would have', () => {
    expect(warnings(infra({ quota: { hard: { pods: 1 } } }, { maxSessions: 50 }))).toEqual([
      'dozlab.yaml:9:15 spec.infra.quota.hard.pods [over-quota]',
    ]);
  });

  test('are told at the preset', () => {
    const values = { firecracker: { resources: { requests: { cpu: 15 }, limits: { cpu: 16 } } } };
    expect(warnings(infra({ quota: { preset: 'lab-sessions-quota' } }, { maxSessions: 50, values }))).toEqual([
      'dozlab.yaml:8:15 spec.infra.quota.preset [over-quota]',
    ]);
  });

  test('are fine without a quota, and where cohorts have one each', () => {
    expect(warnings(infra({ quota: { enabled: false } }, { maxSessions: 1 }))).toEqual([]);
    expect(
      ofCode('over-quota', {
        'dozlab.yaml': project({ maxSessions: 1 }),
        'sessions/other/cohort.yaml': cohort('other'),
        'sessions/other/bob.yaml': session('bob'),
      }),
    ).toEqual([]);
  });

  test('are those of all cohorts that share the namespace', () => {
    const files = {
      'dozlab.yaml': project({ maxSessions: 1 }),
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
      'sessions/other/bob.yaml': session('bob'),
    };
    expect(ofCode('over-quota', files)).toHaveLength(1);
  });
});

describe('the lab that a quota counts with', () => {
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

  test('is the largest, unless one is named', () => {
    expect(cpuOf({ quota: { lab: 'vm' } })).toBe('1740m');
    expect(cpuOf({})).toBe(cpuOf({ quota: { lab: 'large' } }));
    expect(cpuOf({})).not.toBe('1740m');
  });

  test('must be there', () => {
    expect(placesWith(infra({ quota: { lab: 'vn' } }))).toEqual([
      'dozlab.yaml:8:12 spec.infra.quota.lab [unknown-lab]',
    ]);
    expect(placesWith({ 'sessions/class/cohort.yaml': cohort('class', { infra: { quota: { lab: 'vn' } } }) })).toEqual([
      'sessions/class/cohort.yaml:8:12 spec.infra.quota.lab [unknown-lab]',
    ]);
  });
});

describe("images that the namespace's policy does not admit", () => {
  const own = {
    'sessions/class/alice.yaml': session('alice', { values: { terminal: { image: 'example.com/own', tag: 'v1' } } }),
  };

  test('are those of a session alone', () => {
    const [warning, ...others] = ofCode('not-admitted', own);
    expect(others).toEqual([]);
    expect(warning && placeOf(warning)).toBe(
      'sessions/class/alice.yaml:10:14 spec.values.terminal.image [not-admitted]',
    );
    expect(warning?.message).toContain('example.com/own:v1');
  });

  test.each<[string, Files]>([
    [
      'its cohort has them',
      {
        'sessions/class/cohort.yaml': cohort('class', {
          values: { terminal: { image: 'example.com/own', tag: 'v1' } },
        }),
      },
    ],
    ['they are listed', infra({ podPolicy: { images: ['example.com/own:v1'] } })],
    ['they begin as is listed', infra({ podPolicy: { images: ['example.com/*'] } })],
    ['there is no policy', infra({ podPolicy: { enabled: false } })],
    [
      'the namespace is not the project’s own',
      { 'sessions/class/cohort.yaml': cohort('class', { namespace: 'default' }) },
    ],
  ])('are fine when %s', (_, files) => {
    expect(ofCode('not-admitted', { ...own, ...files })).toEqual([]);
  });

  test('are not those that only begin as one that is listed without *', () => {
    expect(ofCode('not-admitted', { ...own, ...infra({ podPolicy: { images: ['example.com/own'] } }) })).toHaveLength(
      1,
    );
  });
});

describe('isolation of a session that is stricter than that of its cohort', () => {
  const networkPolicy = { ingressNamespaces: [], blockedRanges: ['8.0.0.0/8'] };
  const stricter = { 'sessions/class/alice.yaml': session('alice', { values: { networkPolicy } }) };

  test('has no effect, which is told for each', () => {
    expect(ofCode('has-no-effect', stricter).map(placeOf)).toEqual([
      'sessions/class/alice.yaml:10:26 spec.values.networkPolicy.ingressNamespaces [has-no-effect]',
      'sessions/class/alice.yaml:12:9 spec.values.networkPolicy.blockedRanges [has-no-effect]',
    ]);
  });

  test.each<[string, Files]>([
    ['the cohort has the same', { 'sessions/class/cohort.yaml': cohort('class', { values: { networkPolicy } }) }],
    ['there is no policy for all sessions', infra({ networkPolicy: { isolation: false } })],
  ])('is fine when %s', (_, files) => {
    expect(ofCode('has-no-effect', { ...stricter, ...files })).toEqual([]);
  });
});

describe('namespaces', () => {
  const shared = (one: object, other: object): string[] =>
    placesWith({
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms', ...one }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms', ...other }),
    });
  const CONFLICT = ['sessions/other/cohort.yaml:6:14 spec.namespace [conflict]'];

  test('of several cohorts need one maxSessions and infra', () => {
    expect(shared({ maxSessions: 1 }, { maxSessions: 2 })).toEqual(CONFLICT);
    expect(shared({}, { infra: { podMonitor: { enabled: true } } })).toEqual(CONFLICT);
    expect(shared({ maxSessions: 2 }, { maxSessions: 2, infra: { podMonitor: { enabled: false } } })).toEqual([]);
  });

  test.each([
    ['execbox', { execBackend: {} }],
    ['flux-system', {}],
    ['gitops', { flux: { namespace: 'gitops' } }],
    ['dozlab-device-plugin', {}],
    ['dozlab-pre-pull', {}],
  ])('%s has another use', (namespace, spec) => {
    const settings = { infra: { roles: { sessionManager: { namespace } } }, ...spec };
    expect(
      placesWith({ 'dozlab.yaml': project(spec), 'sessions/class/cohort.yaml': cohort('class', { namespace }) }),
    ).toEqual(['sessions/class/cohort.yaml:6:14 spec.namespace [conflict]']);
    expect(placesWith({ 'dozlab.yaml': project(settings) })).toEqual([
      'dozlab.yaml:9:20 spec.infra.roles.sessionManager.namespace [conflict]',
    ]);
  });

  test('of a cohort without one follow from its name, which is told where its spec is', () => {
    expect(placesWith({ 'dozlab.yaml': project({ execBackend: { namespace: 'lab-class' } }) })).toEqual([
      'sessions/class/cohort.yaml:5:7 spec.namespace [conflict]',
    ]);
  });
});

describe('charts of releases', () => {
  const source = { flux: { source: { url: 'https://example.com/labs' } } };
  const helm = (chart: object, spec: object = source): Files => ({
    'dozlab.yaml': project(spec),
    'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm', chart }),
  });

  test('of a version that is not kept', () => {
    expect(placesWith(helm({ version: '0.0.1' }))).toEqual([
      'sessions/class/cohort.yaml:8:14 spec.chart.version [missing-chart]',
    ]);
  });

  test('of a version that is kept, or of no version, are fine', () => {
    expect(
      placesWith({ ...helm({ version: '0.0.1' }), 'charts/lab-session-0.0.1/Chart.yaml': 'version: 0.0.1' }),
    ).toEqual([]);
    expect(placesWith(helm({}))).toEqual([]);
  });

  test('of a registry need a version or a digest', () => {
    const oci = { url: 'oci://registry.example.com/charts/lab-session' };
    expect(placesWith(helm({ oci }))).toEqual(['sessions/class/cohort.yaml:9:7 spec.chart.oci [missing]']);
    expect(placesWith(helm({ oci, version: '9.9.9' }, {}))).toEqual([]);
    expect(placesWith(helm({ oci: { ...oci, digest: `sha256:${'a'.repeat(64)}` } }, {}))).toEqual([]);
  });

  test.each([{}, { flux: { source: { kind: 'OCIRepository', url: 'oci://example.com/labs' } } }])(
    'need a Git repository or a registry, and there are none with %j',
    (spec) => {
      expect(ofCode('missing-source', helm({}, spec)).map(placeOf)).toEqual([
        'sessions/class/cohort.yaml:6:13 spec.delivery [missing-source]',
      ]);
    },
  );
});

test('a lab to be pulled that is not there', () => {
  expect(
    placesWith({ 'dozlab.yaml': project({ nodes: { prePull: { enabled: true, labs: ['vm', 'nope'] } } }) }),
  ).toEqual(['dozlab.yaml:11:11 spec.nodes.prePull.labs[1] [unknown-lab]']);
});

test.each([
  [null],
  [{}],
  [{ quota: null }],
  [{ quota: { hard: null, preset: null } }],
  [{ limitRange: { max: null } }],
])('infra %j is as good as nothing', (settings) => {
  expect(placesWith(infra(settings as object))).toEqual([]);
  expect(placesWith({ 'sessions/class/cohort.yaml': cohort('class', { infra: settings }) })).toEqual([]);
});

test('null in a cohort takes back a limit of the project', () => {
  const files = {
    ...infra({ quota: { hard: { pods: 1, services: 9 } } }),
    'sessions/class/cohort.yaml': cohort('class', { infra: { quota: { hard: { pods: null } } } }),
    'sessions/class/bob.yaml': session('bob'),
  };
  expect(ofCode('over-quota', files)).toEqual([]);
});

test('one resource for two devices, in two labs', () => {
  const labWith = (name: string, kvm: string, tun: string) =>
    lab(name, {
      values: { rootfs: { imageUrl: 'https://example.com/rootfs.ext4' }, firecracker: { devices: { kvm, tun } } },
    });
  const labs = {
    'labs/vm.yaml': labWith('vm', 'example.com/a', 'example.com/b'),
    'labs/vn.yaml': labWith('vn', 'example.com/b', ''),
  };
  expect(placesWith(labs)).toEqual([]);
  expect(placesWith({ ...labs, 'dozlab.yaml': project({ nodes: { devicePlugin: { enabled: true } } }) })).toEqual([
    'dozlab.yaml:8:7 spec.nodes.devicePlugin [conflict]',
  ]);
});
