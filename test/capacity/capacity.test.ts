import { quantityOf, type Amounts } from '../../src/model/pod-requests';
import { capacityOf, cohortCapacity, type Capacity } from '../../src/capacity/capacity';
import { projectState } from '../../src/capacity/project-state';
import { capacityReport } from '../../src/capacity/capacity-report';
import type { NodePool } from '../../src/capacity/scheduling-rules';
import { verdict } from '../../src/capacity/verdict';
import { amountsOf } from '../../src/admission/resource-list';
import { nano } from '../../src/api/values/quantity';
import { cohort, lab, project, projectWith, session, smallProject, type Files } from '../support/project';
import { valueAt } from '../support/values';

const capacityWith = (files: Files): Capacity => capacityOf(projectState(projectWith(smallProject(files))));

const shown = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries(Array.from(amounts, ([resource, amount]) => [resource, quantityOf(resource, amount)]));

const KEPT = valueAt('volumes.vmData', { sizeLimit: '10Gi', persistence: { enabled: true } });
const NO_DEVICES = valueAt('firecracker.devices', { kvm: '', tun: '' });
const image = { rootfs: { imageUrl: 'https://example.com/rootfs.ext4' } };
const asking = (cpu: string | number) => valueAt('firecracker.resources', { requests: { cpu }, limits: { cpu: 64 } });

/** A namespace's quota: resource, used, limit and left. */
const quotaOf = ({ namespaces: [usage] }: Capacity): Record<string, string[]> =>
  Object.fromEntries(
    (usage?.resources ?? []).map(({ resource, hard, used, left }) => [
      resource,
      [used, hard, left].map((amount) => (amount === undefined ? '?' : quantityOf(resource, amount))),
    ]),
  );

describe('the demand of sessions', () => {
  const capacity = capacityWith({
    'labs/big.yaml': lab('big', { values: { ...image, ...asking(2) } }),
    'sessions/class/bob.yaml': session('bob', { lab: 'big', values: KEPT }),
    'sessions/class/carol.yaml': session('carol', { suspended: true, values: KEPT }),
    'sessions/class/dave.yaml': session('dave', { suspended: false }),
    'sessions/empty/cohort.yaml': cohort('empty'),
  });

  test('is summed by cohort and lab, as the scheduler counts it', () => {
    const [empty, class_] = [...capacity.cohorts].sort((one, other) => (one.cohort > other.cohort ? -1 : 1));
    expect(empty).toMatchObject({ cohort: 'empty', running: 0, suspended: 0, labs: [] });
    expect(class_?.labs.map(({ lab: name, running, suspended }) => [name, running, suspended])).toEqual([
      ['big', 1, 0],
      ['vm', 2, 1],
    ]);
    expect(shown(class_?.labs[1]?.requests ?? new Map())).toEqual({
      cpu: '1700m',
      memory: '5376Mi',
      'ephemeral-storage': '22Gi',
      'devices.kubevirt.io/kvm': '2',
      'devices.kubevirt.io/tun': '2',
    });
    expect(shown(class_?.requests ?? new Map())).toMatchObject({ cpu: '4050m', 'devices.kubevirt.io/kvm': '3' });
    expect(capacity.total).toEqual(expect.objectContaining({ running: 3, suspended: 1 }));
  });

  test('counts the claims of suspended sessions, but not their pods', () => {
    expect(capacity.total).toMatchObject({ claims: 2, storage: nano('20Gi') });
  });

  test('can be limited to one cohort', () => {
    const only = cohortCapacity(capacity, 'empty');
    expect([only.total.running, only.cohorts.length, only.namespaces.map(({ namespace }) => namespace)]).toEqual([
      0,
      1,
      ['lab-empty'],
    ]);
  });
});

describe('quota usage', () => {
  test('leaves room for helpers if the quota comes from maxSessions', () => {
    const capacity = capacityWith({ 'dozlab.yaml': project({ maxSessions: 2 }) });
    expect(quotaOf(capacity)).toEqual({
      'requests.cpu': ['850m', '1740m', '890m'],
      'requests.memory': ['2688Mi', '5632Mi', '2944Mi'],
      'requests.ephemeral-storage': ['11Gi', '22Gi', '11Gi'],
      'requests.devices.kubevirt.io/kvm': ['1', '2', '1'],
      'requests.devices.kubevirt.io/tun': ['1', '2', '1'],
      pods: ['1', '4', '3'],
    });
    expect(verdict(capacity).text).toBe('fits; not checked: no nodes');
    expect(capacity.namespaces[0]?.room).toMatchObject([{ cohort: 'class', lab: 'vm', sessions: 1 }]);
  });

  test('counts pods, requests, limits, all claims and other objects', () => {
    const hard = {
      ...{ cpu: 2, 'limits.memory': '8Gi', 'count/pods': 5, services: 3, 'count/jobs.batch': 0, memory: '1Gi' },
      ...{
        persistentvolumeclaims: 1,
        'requests.storage': '15Gi',
        'gold.storageclass.storage.k8s.io/requests.storage': 0,
      },
    };
    const capacity = capacityWith({
      'dozlab.yaml': project({ infra: { quota: { hard } } }),
      'sessions/class/bob.yaml': session('bob', { suspended: true, values: KEPT }),
      'sessions/class/carol.yaml': session('carol', { values: KEPT }),
    });
    expect(quotaOf(capacity)).toEqual({
      cpu: ['1700m', '2', '300m'],
      memory: ['5376Mi', '1Gi', '0'],
      'limits.memory': ['6656Mi', '8Gi', '1536Mi'],
      'count/pods': ['2', '5', '3'],
      persistentvolumeclaims: ['2', '1', '0'],
      'requests.storage': ['20Gi', '15Gi', '0'],
      services: ['3', '3', '0'],
      'count/jobs.batch': ['0', '0', '0'],
      'gold.storageclass.storage.k8s.io/requests.storage': ['?', '0', '?'],
    });
    expect(verdict(capacity)).toMatchObject({ fits: false, reasons: [{ resource: 'memory' }, { resource: 'persistentvolumeclaims' }, { resource: 'requests.storage' }] }); // prettier-ignore
  });

  test('sums the cohorts of a shared namespace', () => {
    const capacity = capacityWith({
      'dozlab.yaml': project({ maxSessions: 1 }),
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'shared' }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'shared' }),
      'sessions/other/bob.yaml': session('bob'),
    });
    expect(capacity.namespaces).toHaveLength(1);
    expect(capacity.namespaces[0]?.cohorts).toEqual(['class', 'other']);
    expect(verdict(capacity, undefined, 'other').reasons[0]).toEqual({
      scope: 'quota',
      cohorts: ['class', 'other'],
      namespace: 'shared',
      resource: 'requests.cpu',
      asked: '1700m',
      limit: '870m',
      text: 'class, other: CPU 1700m requested, the quota of shared has 870m',
    });
    expect(verdict(capacity, undefined, 'absent').text).toBe('not checked: no session runs');
  });

  test('is empty without a quota', () => {
    const capacity = capacityWith({});
    expect(quotaOf(capacity)).toEqual({});
    expect(capacity.namespaces[0]?.room).toEqual([{ cohort: 'class', lab: 'vm', sessions: undefined, limitedBy: [] }]);
    expect(verdict(capacity)).toEqual({ fits: null, reasons: [], text: 'not checked: no maxSessions, no nodes' });
  });
});

test('room depends on the values of lab and cohort', () => {
  const capacity = capacityWith({
    'dozlab.yaml': project({ infra: { quota: { hard: { 'requests.cpu': 10, pods: 8 } } } }),
    'labs/big.yaml': lab('big', { values: { ...image, ...asking(3) } }),
    'labs/small.yaml': lab('small', { values: { ...image, ...NO_DEVICES } }),
    'sessions/other/cohort.yaml': cohort('other', { values: asking('1650m') }),
  });
  const room = capacity.namespaces.flatMap((usage) =>
    usage.room.map(({ cohort: of, lab: name, sessions, limitedBy }) => [of, name, sessions, limitedBy.join()]),
  );
  expect(room).toEqual([
    ['class', 'big', 2, 'requests.cpu'],
    ['class', 'small', 7, 'pods'],
    ['class', 'vm', 7, 'pods'],
    ['other', 'big', 5, 'requests.cpu'],
    ['other', 'small', 5, 'requests.cpu'],
    ['other', 'vm', 5, 'requests.cpu'],
  ]);
});

test('room is the number of sessions that can be added before they exceed the quota', () => {
  const files = { 'dozlab.yaml': project({ maxSessions: 4 }) };
  const more = capacityWith(files).namespaces[0]?.room[0]?.sessions ?? 0;
  const withMore = (count: number): Files => ({
    ...files,
    ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`sessions/class/more-${String(index)}.yaml`, session(`more-${String(index)}`)])), // prettier-ignore
  });
  expect(more).toBe(3);
  expect(verdict(capacityWith(withMore(more))).fits).toBe(true);
  expect(verdict(capacityWith(withMore(more + 1))).fits).toBe(false);
});

const KILLS = 'a node kills sessions when they use more than it has';

describe('8 microVMs of 16 GiB on one node of 16 GiB', () => {
  const ids = Array.from({ length: 8 }, (_, index) => `vm-${String(index)}`);
  const node = { cpu: 64, memory: '16Gi', 'ephemeral-storage': '1Ti', pods: 110, 'devices.kubevirt.io/kvm': 100, 'devices.kubevirt.io/tun': 100 }; // prettier-ignore
  const pool = { name: 'kvm', count: 1, taken: new Map(), labels: {}, taints: [], allocatable: amountsOf(node) };
  const reportWith = (firecracker: object, pools: readonly NodePool[] = [pool]) => {
    const sessions = Object.fromEntries(ids.map((id) => [`sessions/class/${id}.yaml`, session(id)]));
    const files = {
      'dozlab.yaml': project({ values: { firecracker: { vm: { memory: 16384 }, ...firecracker } } }),
      ...sessions,
    };
    const { 'sessions/class/alice.yaml': _, ...own } = smallProject(files);
    return capacityReport(projectState(projectWith(own)), pools, undefined);
  };

  test('do not fit', () => {
    expect(reportWith({})).toMatchObject({ verdict: { fits: false }, placement: { placed: 0 } });
    const { capacity } = reportWith({});
    expect(shown(capacity.total.requests)['memory']).toBe('141Gi');
  });

  test.each([{ memoryRequestPercent: 5 }, { resources: { requests: { memory: '1Gi' } } }])(
    'fit with %j, with a warning',
    (overcommit) => {
      const { verdict: { fits }, warnings } = reportWith(overcommit); // prettier-ignore
      expect(fits).toBe(true);
      expect(warnings).toEqual([`memory limit of one session 18688Mi on 16Gi: ${KILLS}`]);
    },
  );

  const small = { vm: { memory: 3072 }, memoryRequestPercent: 10 };

  test('of which each has a node but not all: the warning is about their sum', () => {
    expect(reportWith(small).warnings).toEqual([`memory limits 42Gi on 16Gi: ${KILLS}`]);
    expect(reportWith(small, [{ ...pool, count: 3 }]).warnings).toEqual([]);
  });

  test('nodes without devices do not count, nor does what others request', () => {
    const { 'devices.kubevirt.io/kvm': _, ...plain } = node;
    const others = { ...pool, name: 'plain', count: 9, allocatable: amountsOf({ ...plain, memory: '64Gi' }) };
    expect(reportWith(small, [pool, others]).warnings).toEqual([`memory limits 42Gi on 16Gi: ${KILLS}`]);
    const busy = { ...pool, count: 3, taken: amountsOf({ memory: '4Gi' }) };
    expect(reportWith(small, [busy]).warnings).toEqual([`memory limits 42Gi on 36Gi: ${KILLS}`]);
  });
});
