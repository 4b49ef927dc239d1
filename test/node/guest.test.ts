/** The root file system that boots in these tests: dozlab rootfs build has made it. */
import { dozlab } from '../support/cli';
import { GUEST, guestFile } from './images/guest';

interface Check {
  readonly name: string;
  readonly isFound: boolean;
  readonly detail: string;
}

test('dozlab rootfs check finds in the guest what its sessions then use', () => {
  const { stdout, status } = dozlab(['rootfs', 'check', guestFile(GUEST), '--tools', 'tmux', '--output', 'json']);
  const checks = JSON.parse(stdout) as readonly Check[];
  expect(checks.filter(({ isFound }) => !isFound)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual(['ssh', 'docker', 'address', 'tools']);
  expect(status).toBe(0);
});
