import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTILE_TEXTS } from '../../support/hostile-texts';
import { container, labSession } from '../../support/manifests';
import { temporaryFolder } from '../../support/project';

type Environment = Readonly<Record<'GATEWAY_IP' | 'VM_IP' | 'POD_IP' | 'TAP_DEVICE', string>>;

const PLAIN: Environment = { GATEWAY_IP: '172.16.0.1', VM_IP: '172.16.0.2', POD_IP: '10.244.1.5', TAP_DEVICE: 'tap0' };

/** Runs the shell program of the container, with another folder instead of /shared. */
function run(environment: Partial<Environment>, shared = temporaryFolder()) {
  const [shell = '', option = '', program = ''] = container(labSession(), 'network-setup').command ?? [];
  const { status, stdout, stderr } = spawnSync(shell, [option, program.replaceAll('/shared', shared)], {
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });
  const path = join(shared, 'network-config');
  return {
    status,
    printed: stdout + stderr,
    files: readdirSync(shared),
    config: existsSync(path) ? readFileSync(path, 'utf8') : undefined,
  };
}

it('writes one KEY=value a line, in the form that the containers read, and nothing else', () => {
  expect(run(PLAIN)).toEqual({
    status: 0,
    printed: '',
    files: ['network-config'],
    config: 'GATEWAY_IP=172.16.0.1\nVM_IP=172.16.0.2\nPOD_IP=10.244.1.5\nTAP_DEVICE=tap0\n',
  });
});

it('replaces the file of an earlier pod', () => {
  const shared = temporaryFolder();
  run({ ...PLAIN, POD_IP: '10.244.1.4' }, shared);

  expect(run(PLAIN, shared).config).toContain('POD_IP=10.244.1.5\n');
});

it.each([
  ...HOSTILE_TEXTS,
  '%s%s%n %d %%',
  '$(touch /tmp/dozlab-broken-in)',
  '`touch /tmp/dozlab-broken-in`',
  '"; touch /tmp/dozlab-broken-in; "',
  "'; exit 1 #",
  '\\n\\t\\0\\c',
  '*',
  '-n',
])('writes %j as it is', (text) => {
  const { status, config } = run({ ...PLAIN, VM_IP: text, TAP_DEVICE: text });

  expect(status).toBe(0);
  expect(config).toBe(`GATEWAY_IP=172.16.0.1\nVM_IP=${text}\nPOD_IP=10.244.1.5\nTAP_DEVICE=${text}\n`);
  expect(existsSync('/tmp/dozlab-broken-in')).toBe(false);
});

it.each(Object.keys(PLAIN) as (keyof Environment)[])('fails without %s and leaves no file', (name) => {
  const { [name]: _, ...rest } = PLAIN;
  const { status, config } = run(rest);

  expect(status).not.toBe(0);
  expect(config).toBeUndefined();
});

it('fails when it cannot write', () => {
  expect(run(PLAIN, join(temporaryFolder(), '.'))).toMatchObject({ status: 0 });
  const [shell = '', option = '', program = ''] = container(labSession(), 'network-setup').command ?? [];

  expect(spawnSync(shell, [option, program.replaceAll('/shared', '/nowhere/at/all')], { env: PLAIN }).status).not.toBe(
    0,
  );
});

it('gets values as environment variables, never in its text', () => {
  const text = (over: object): string =>
    (container(labSession(over as never), 'network-setup').command ?? []).join('\n');

  expect(text({ network: { gatewayIp: '10.9.8.1', vmIp: '10.9.8.7', tapDevice: 'tap9' } })).toBe(text({}));
});
