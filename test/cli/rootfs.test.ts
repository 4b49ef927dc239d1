import { dozlabRuns } from '../support/cli-runs';

const ROWS: readonly (readonly [message: string, ...args: string[]])[] = [
  ['rootfs takes an action'],
  ['Not enough non-option arguments', 'build', 'source'],
  [
    '--size is 4Gi; accepted: a whole number and K, M, G or T, such as 2G, at most 16T',
    'build',
    'a',
    'b',
    '--size',
    '4Gi',
  ],
  ['--size is 17T; accepted', 'build', 'a', 'b', '--size', '17T'],
  ['--label takes 1 to 16 characters', 'build', 'a', 'b', '--label', 'a label'],
  ['--tools takes names of programs', 'check', 'a', '--tools', '/bin/sh'],
  ['--address takes an IPv4 address', 'check', 'a', '--address', 'eth0'],
  ['vm:1 is no image of a registry; accepted: registry.example.com/labs/vm:1', 'push', 'a', 'vm:1'],
];

const runs = dozlabRuns(ROWS.map(([, ...args]) => ['rootfs', ...args]));

test.each(ROWS.map((row, index) => [...row.slice(1), row[0], index] as const))(
  'a wrong command line is exit code 2: %s %s',
  (...row) => {
    const [index, message] = [row.at(-1) as number, row.at(-2) as string];
    expect(runs[index]).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) as string });
  },
);
