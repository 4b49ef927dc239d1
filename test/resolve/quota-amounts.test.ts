import { hardLimits, type HardLimits } from '../../src/resolve/quota-amounts';
import { excesses, quotaUses } from '../../src/resolve/quota-use';
import { QUOTA_PRESETS } from '../../src/api/settings/quota-limits';
import { sessionSize } from '../../src/admission/session-size';
import { infraSettings } from '../../src/api/settings/infra';
import { renderSession } from '../../src/manifests/lab-session-chart';
import type { Mapping } from '@dozlab/charts/schema';
import { DOCUMENT_QUOTAS } from '../support/requirements';
import { completeValues, valueAt } from '../support/values';

const sizeWith = (values: Mapping = {}) => sessionSize(renderSession(completeValues(values), 'lab-class'));

const KEPT = valueAt('volumes.vmData', { sizeLimit: '10Gi', persistence: { enabled: true } });
const NO_DEVICES = valueAt('firecracker.devices', { kvm: '', tun: '' });

const quotaOf = (quota: Mapping, maxSessions?: number, values: Mapping = {}): HardLimits | undefined =>
  hardLimits(infraSettings.parse({ quota }), maxSessions, sizeWith(values));

describe('a quota without a preset', () => {
  test('counts sessions by their devices, with room for a helper each', () => {
    expect(quotaOf({}, 10)).toEqual({
      'requests.cpu': '8700m',
      'requests.memory': '28160Mi',
      'requests.ephemeral-storage': '110Gi',
      'requests.devices.kubevirt.io/kvm': '10',
      'requests.devices.kubevirt.io/tun': '10',
      pods: '20',
    });
  });

  test('counts sessions without devices by their pods, without room for helpers', () => {
    expect(quotaOf({}, 10, NO_DEVICES)).toEqual({
      'requests.cpu': '8500m',
      'requests.memory': '26880Mi',
      'requests.ephemeral-storage': '110Gi',
      pods: '10',
    });
  });

  test('does not limit claims', () => {
    expect(quotaOf({}, 10, KEPT)).not.toHaveProperty('persistentvolumeclaims');
    expect(quotaOf({}, 10, KEPT)).not.toHaveProperty(['requests.storage']);
  });

  test('has valid quantities for 100000 of the largest sessions', () => {
    const memory = { limits: { memory: '7Ei' }, requests: { memory: '7Ei' } };
    expect(quotaOf({}, 100_000, valueAt('firecracker.resources', memory))?.['requests.memory']).toMatch(
      /^[0-9]{1,15}Mi$/,
    );
  });

  test('does not exist without maxSessions, or if it is off', () => {
    expect(quotaOf({})).toBeUndefined();
    expect(quotaOf({ enabled: false, preset: 'dozlab-quota', hard: { pods: 1 } }, 10)).toBeUndefined();
  });
});

describe('a preset', () => {
  test.each(QUOTA_PRESETS)('%s has the limits of its document, whatever maxSessions is', (preset) => {
    expect(quotaOf({ preset })).toEqual(DOCUMENT_QUOTAS[preset]);
    expect(quotaOf({ preset }, 3)).toEqual(DOCUMENT_QUOTAS[preset]);
  });

  test('dozlab-quota allows the claims that sessions have', () => {
    expect(quotaOf({ preset: 'dozlab-quota' }, undefined, KEPT)).toMatchObject({ persistentvolumeclaims: '50' });
  });
});

test('hard overrides the preset and the computed quota, resource by resource', () => {
  expect(quotaOf({ preset: 'lab-sessions-quota', hard: { pods: 12 } })).toEqual({
    ...DOCUMENT_QUOTAS['lab-sessions-quota'],
    pods: 12,
  });
  expect(quotaOf({ hard: { 'limits.cpu': '40', pods: '7' } }, 10)).toMatchObject({
    'limits.cpu': '40',
    pods: '7',
    'requests.cpu': '8700m',
  });
  expect(quotaOf({ hard: { pods: 0 } })).toEqual({ pods: 0 });
});

describe('sessions exceed', () => {
  const exceeded = (hard: HardLimits, count: number, values: Mapping = {}): string[] =>
    excesses(quotaUses(hard, Array<ReturnType<typeof sizeWith>>(count).fill(sizeWith(values)))).map(
      ({ resource, asked, limit }) => `${resource} ${asked} of ${limit}`,
    );

  test('nothing of a quota computed for their number', () => {
    for (const values of [{}, KEPT, NO_DEVICES]) expect(exceeded(quotaOf({}, 7, values) ?? {}, 7, values)).toEqual([]);
  });

  test.each([
    [{ pods: 1 }, 'pods 2 of 1'],
    [{ 'count/pods': 1 }, 'count/pods 2 of 1'],
    [{ cpu: '1' }, 'cpu 1700m of 1'],
    [{ 'requests.memory': '5375Mi' }, 'requests.memory 5376Mi of 5375Mi'],
    [{ 'limits.memory': '2Gi' }, 'limits.memory '],
    [{ persistentvolumeclaims: 1 }, 'persistentvolumeclaims 2 of 1'],
    [{ 'requests.storage': '19Gi' }, 'requests.storage 20Gi of 19Gi'],
    [{ services: 1 }, 'services 2 of 1'],
    [{ 'count/deployments.apps': 1 }, 'count/deployments.apps 2 of 1'],
    [{ 'count/replicasets.apps': 1 }, 'count/replicasets.apps 2 of 1'],
  ])('%j by two', (hard, message) => {
    expect(exceeded(hard, 2, KEPT)).toEqual([expect.stringContaining(message) as string]);
  });

  test('nothing of resources that they do not request', () => {
    expect(
      exceeded({ 'services.nodeports': 0, 'count/events': 0, 'count/jobs.batch': 0, 'requests.nvidia.com/gpu': 0 }, 2),
    ).toEqual([]);
  });
});
