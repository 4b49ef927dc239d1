import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlab } from '../support/cli';
import { dozlabRun, dozlabRuns } from '../support/cli-runs';
import { cohort, project, projectWith, session, smallProject, type Files } from '../support/project';

const PRICES = { currency: 'EUR', cpuHour: 0.05, memoryGiBHour: 0.01, hours: 100 };

const withNodes = (files: Files): string =>
  projectWith(
    smallProject({
      'dozlab.yaml': project({ maxSessions: 2, prices: PRICES }),
      'sessions/class/bob.yaml': session('bob'),
      'sessions/class/carol.yaml': session('carol', { suspended: true }),
      ...files,
    }),
  );

const NODE = { name: 'kvm', allocatable: { cpu: 4, memory: '16Gi', 'ephemeral-storage': '100Gi', 'devices.kubevirt.io/kvm': 9, 'devices.kubevirt.io/tun': 9 } }; // prettier-ignore

const fitting = withNodes({ 'nodes.yaml': [NODE] });
const crowded = withNodes({
  'nodes.yaml': [{ ...NODE, allocatable: { ...NODE.allocatable, cpu: 1 } }],
  'sessions/class/dave.yaml': session('dave'),
  'sessions/other/cohort.yaml': cohort('other'),
  'sessions/other/erin.yaml': session('erin'),
});
const broken = withNodes({
  'sessions/class/bob.yaml': session('bob', { suspended: 'no' }),
  'nodes.yaml': [{ name: 'a' }],
});

const LINES = {
  fits: ['--project', fitting, '--nodes', join(fitting, 'nodes.yaml')],
  json: ['--project', fitting, '--nodes', join(fitting, 'nodes.yaml'), '-o', 'json'],
  quota: ['--project', fitting],
  crowded: ['--project', crowded, '--nodes', join(crowded, 'nodes.yaml')],
  other: ['--project', crowded, '--nodes', join(crowded, 'nodes.yaml'), '--cohort', 'other', '-o', 'json'],
  broken: ['--project', broken, '--nodes', join(broken, 'nodes.yaml')],
  'no cohort': ['--project', fitting, '--cohort', 'clas'],
  'no file': ['--project', fitting, '--nodes', 'absent.yaml'],
  both: ['--project', fitting, '--nodes', 'nodes.yaml', '--cluster'],
  'context alone': ['--project', fitting, '--context', 'here'],
} as const;

const runs = dozlabRuns(Object.values(LINES).map((args) => ['capacity', ...args]));
const run = (name: keyof typeof LINES) =>
  runs[Object.keys(LINES).indexOf(name)] ?? { status: -1, stdout: '', stderr: '' };

describe('dozlab capacity', () => {
  test('prints tables of at most 80 columns, and exits with 0 if all sessions fit', () => {
    const { status, stdout, stderr } = run('fits');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`Requests/limits of sessions that are not suspended
COHORT   LAB   SESSIONS    CPU           MEMORY          DISK
class    vm    2 (1 off)   1700m/4500m   5376Mi/6656Mi   22Gi

Quota of lab-class
RESOURCE                           USED     LIMIT    LEFT
requests.cpu                       1700m    1740m    40m
requests.memory                    5376Mi   5632Mi   256Mi
requests.devices.kubevirt.io/kvm   2        2        0
requests.devices.kubevirt.io/tun   2        2        0
requests.ephemeral-storage         22Gi     22Gi     0
pods                               2        4        2

1 node: 2 of 2 sessions fit
RESOURCE                  ALLOCATABLE   OTHERS   SESSIONS   FREE
cpu                       4             0        1700m      2300m
memory                    16Gi          0        5376Mi     11008Mi
devices.kubevirt.io/kvm   9             0        2          7
devices.kubevirt.io/tun   9             0        2          7
ephemeral-storage         100Gi         0        22Gi       78Gi
pods                      110           0        2          108

How many more sessions fit
COHORT   LAB   QUOTA   NODES   LIMITED BY
class    vm    0       2       cpu, memory, kvm, tun, ephemeral-storage

Cost of the requests, 100 hours a month
COHORT     SESSIONS   CPU     MEMORY    A MONTH
class      2          1700m   5376Mi    €13.75
10 users   10         8500m   26880Mi   €68.75

fits
`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('warns that it did not check nodes', () => {
    const { status, stdout, stderr } = run('quota');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nfits; not checked: no nodes\n$/);
    expect(stderr).toBe('nodes were not checked. Fix: set --nodes FILE or --cluster\n');
  });

  test('exits with 1 and the reasons if sessions do not fit', () => {
    const { status, stdout } = run('crowded');
    expect(status).toBe(1);
    expect(stdout.slice(stdout.indexOf('does not fit')).split('\n')).toEqual([
      'does not fit',
      '- class: CPU 2550m requested, the quota of lab-class has 1740m',
      '- class: memory 8064Mi requested, the quota of lab-class has 5632Mi',
      '- class: devices (devices.kubevirt.io/kvm) 3 requested, the quota of lab-class has 2',
      '- class: devices (devices.kubevirt.io/tun) 3 requested, the quota of lab-class has 2',
      '- class: ephemeral storage 33Gi requested, the quota of lab-class has 22Gi',
      '- 2 sessions of class without a node: each requests CPU 850m, the most free on a node is 150m',
      '- 1 session of other without a node: each requests CPU 850m, the most free on a node is 150m',
      '',
    ]);
  });

  test('prints the whole report as JSON', () => {
    const { status, stdout, stderr } = run('json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const session = { cpu: '850m', memory: '2688Mi', 'ephemeral-storage': '11Gi', 'devices.kubevirt.io/kvm': '1', 'devices.kubevirt.io/tun': '1' }; // prettier-ignore
    expect(JSON.parse(stdout)).toMatchObject({
      fits: true,
      verdict: 'fits',
      reasons: [],
      warnings: [],
      total: {
        running: 2,
        suspended: 1,
        requests: { cpu: '1700m' },
        limits: { cpu: '4500m' },
        claims: 0,
        storage: '0',
      },
      cohorts: [{ cohort: 'class', running: 2, labs: [{ lab: 'vm', running: 2, requests: { memory: '5376Mi' } }] }],
      namespaces: [
        {
          namespace: 'lab-class',
          cohorts: ['class'],
          quota: [
            { resource: 'requests.cpu', hard: '1740m', state: 'counted', used: '1700m', left: '40m' },
            {},
            {},
            {},
            {},
            {},
          ],
          room: [{ cohort: 'class', lab: 'vm', sessions: 0 }],
        },
      ],
      nodes: {
        ...{ nodes: 1, sessions: 2, placed: 2, uncounted: [] },
        groups: [
          { cohort: 'class', lab: 'vm', sessions: 2, placed: 2, unplaced: [], shortage: null, requests: { ...session, pods: '1' } }, // prettier-ignore
        ],
        room: [{ cohort: 'class', lab: 'vm', sessions: 2, limitedBy: ['cpu'] }],
      },
      cost: {
        prices: PRICES,
        total: { sessions: 2, cpu: '1700m', memory: '5376Mi', money: 13.75 },
        perTen: { sessions: 10, cpu: '8500m', memory: '26880Mi', money: 68.75 },
        cohorts: [{ cohort: 'class', money: 13.75 }],
      },
    });
  });

  test('limits the report to one cohort beside the others', () => {
    const { status, stdout } = run('other');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      reasons: [
        { scope: 'nodes', cohorts: ['other'], sessions: ['erin'], resource: 'cpu', asked: '850m', limit: '150m' },
      ],
      total: { running: 1 },
      namespaces: [{ namespace: 'lab-other' }],
      nodes: { sessions: 1, placed: 0, groups: [{ cohort: 'other', unplaced: ['erin'] }] },
      cost: { total: { sessions: 1 } },
    });
  });

  test('prints only the problems of project and nodes if there are any', () => {
    const { status, stdout, stderr } = run('broken');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^sessions\/class\/bob\.yaml:8:14 error spec\.suspended is "no"/);
    expect(stderr).toMatch(
      /nodes\.yaml:1:3 error \[0\]\.allocatable is missing; accepted: a mapping of resource names/,
    );
  });

  test.each<[keyof typeof LINES, number, string]>([
    ['no cohort', 1, 'there is no cohort clas; did you mean class?'],
    ['no file', 1, 'absent.yaml cannot be read (ENOENT)'],
    ['both', 2, 'nodes and cluster are mutually exclusive'],
    ['context alone', 2, 'context -> cluster'],
  ])('refuses %s with exit code %d', (name, status, text) => {
    expect(run(name)).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(text) as string });
  });

  test('reads nodes from standard input', () => {
    const { status, stdout } = dozlab(['capacity', '--project', fitting, '--nodes', '-', '-o', 'json'], {
      input: JSON.stringify([NODE]),
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ nodes: { placed: 2 } });
  });

  test('refuses a file that is not text', () => {
    writeFileSync(join(fitting, 'binary'), Buffer.from([0xff, 0xfe, 0x00]));
    const { status, stderr } = dozlabRun(['capacity', '--project', fitting, '--nodes', join(fitting, 'binary')]);
    expect(status).toBe(1);
    expect(stderr).toContain('is not text in UTF-8');
  });

  test('needs kubectl for --cluster', () => {
    const { status, stderr } = dozlabRun(['capacity', '--project', fitting, '--cluster'], { env: { PATH: '' } });
    expect(status).toBe(1);
    expect(stderr).toContain('kubectl is needed to list nodes, and is not on the PATH');
  });
});
