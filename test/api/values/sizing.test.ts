import {
  DISK_SIZE,
  diskQuantity,
  diskVolumeSize,
  sumBytes,
  vmCpuLimit,
  vmMemoryLimit,
} from '../../../src/api/values/sizing';

it.each<[string | number, string]>([
  [1, '1500m'],
  ['2', '2500m'],
  [32, '32500m'],
])('a microVM with %p CPUs may use %p: half a core more', (cpuCount, limit) => {
  expect(vmCpuLimit(cpuCount)).toBe(limit);
});

it.each<[string | number, string]>([
  [1024, '2Gi'],
  ['2048', '3Gi'],
  [1000, '2024Mi'],
  [128, '1152Mi'],
])('a microVM with %p MiB may use %p: 1 GiB more', (memory, limit) => {
  expect(vmMemoryLimit(memory)).toBe(limit);
});

it.each([
  ['4G', '5Gi'],
  ['8G', '9Gi'],
  ['512M', '1536Mi'],
  ['1500K', '1026Mi'],
  ['1T', '1025Gi'],
])('a disk of %p goes into a volume of %p: 1 GiB more', (diskSize, size) => {
  expect(diskVolumeSize(diskSize)).toBe(size);
});

it("a disk size is in powers of 1024, as resize2fs's are", () => {
  expect(diskQuantity('4G')).toBe('4Gi');
});

it.each(['1K', '4G', '100M', '999999999T'])('%p is a disk size', (text) => {
  expect(text).toMatch(DISK_SIZE);
});

it.each(['', '0G', '04G', '4', '4g', '4Gi', '1.5G', '-4G', '4 G', '4G\n', '1000000000K', '4GG'])(
  '%p is not a disk size',
  (text) => {
    expect(text).not.toMatch(DISK_SIZE);
  },
);

it.each<[(string | number)[], string]>([
  [[], '0'],
  [['0', 0], '0'],
  [['9Gi', '5Gi'], '14Gi'],
  [['1Gi', '512Mi'], '1536Mi'],
  [['1', 1], '2Mi'],
  [['5e9', '0'], '4769Mi'],
])('the sum of %p is %p, each rounded up to MiB', (quantities, sum) => {
  expect(sumBytes(...quantities)).toBe(sum);
});
