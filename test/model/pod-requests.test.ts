import { quantityOf, quantityWithin } from '../../src/model/pod-requests';
import { nano } from '../../src/api/values/quantity';

describe('what is left as a quantity', () => {
  test.each([
    ['requests.cpu', '0.0019', '1m'],
    ['memory', '1048575', '0'],
    ['requests.memory', '1.5Gi', '1536Mi'],
    ['pods', '2.5', '2'],
  ])('%s: %s is %s, never more', (resource, amount, quantity) => {
    expect(quantityWithin(resource, nano(amount))).toBe(quantity);
  });
});

describe('an amount as a quantity', () => {
  test.each([
    ['cpu', '1', '1'],
    ['requests.cpu', '0.0001', '1m'],
    ['limits.cpu', '1500m', '1500m'],
    ['memory', '0', '0'],
    ['requests.memory', '1', '1Mi'],
    ['requests.memory', '1048577', '2Mi'],
    ['limits.memory', '2048Mi', '2Gi'],
    ['requests.ephemeral-storage', '11Gi', '11Gi'],
    ['requests.storage', '1G', '954Mi'],
    ['hugepages-2Mi', '4Mi', '4Mi'],
    ['requests.devices.kubevirt.io/kvm', '3', '3'],
    ['requests.nvidia.com/gpu', '500m', '1'],
  ])('%s: %s is %s, never less', (resource, amount, quantity) => {
    expect(quantityOf(resource, nano(amount))).toBe(quantity);
  });

  test.each(['cpu', 'memory', 'pods'])('%s: what is beyond all counting is still a quantity', (resource) => {
    expect(nano(quantityOf(resource, 10n ** 60n))).toBeGreaterThan(10n ** 20n);
  });
});
