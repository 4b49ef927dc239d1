import { vmEngine } from './vm-engine';

const standIn = { program: '/stand-in', kernel: '/vmlinuz' };
const given = { FIRECRACKER: __filename, FIRECRACKER_KERNEL: __filename };

test('without a Firecracker in the environment QEMU runs microVMs, also where KVM is', () => {
  for (const isVirtualizing of [true, false]) expect(vmEngine({}, isVirtualizing, standIn)).toBe(standIn);
});

test('with one, and with KVM, it runs them', () => {
  expect(vmEngine(given, true, standIn)).toEqual({ program: __filename, kernel: __filename });
});

test.each([
  [{ ...given, FIRECRACKER: '' }, true, 'FIRECRACKER is not set'],
  [{ FIRECRACKER: __filename }, true, 'FIRECRACKER_KERNEL is not set'],
  [given, false, 'neither kvm_intel nor kvm_amd'],
  [{ ...given, FIRECRACKER: '/none' }, true, '/none does not exist'],
])('what cannot run is refused: %j', (environment, isVirtualizing, message) => {
  expect(() => vmEngine(environment, isVirtualizing, standIn)).toThrow(message);
});
