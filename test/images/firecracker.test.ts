/** images/firecracker/run.sh with fakes for what needs privileges: ip, iptables, Firecracker and its API. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SCRIPT = join(__dirname, '../../images/firecracker/run.sh');

const FAKES = {
  ip: `
case "$1 $2" in
  'link show') [ -e "$STATE/tap" ]; exit ;;
  'tuntap add') if [ -n "$TUNTAP_ERROR" ]; then echo "$TUNTAP_ERROR" >&2; exit 1; fi; touch "$STATE/tap" ;;
  'address replace') if [ -n "$ADDRESS_ERROR" ]; then echo "$ADDRESS_ERROR" >&2; exit 2; fi ;;
esac
echo "ip $*" >> "$STATE/log"`,
  iptables: `
[ "$IPTABLES" = works ] || exit 3
case " $* " in *' -S '*) exit 0 ;; esac
rule=$(echo "$*" | sed 's/ -[AC] / /')
case " $* " in *' -C '*) grep -qxF -e "$rule" "$STATE/rules" 2> /dev/null; exit ;; esac
echo "$rule" >> "$STATE/rules"`,
  'iptables-legacy': 'exit 3',
  socat: 'echo "socat $*" >> "$STATE/socat"; exit 1',
  // It ends when its guest is told to, or when it is killed.
  firecracker: `
echo "$*" > "$STATE/arguments"; cat "$4" > "$STATE/vm.json"; touch "$2"
if [ -n "$VM_EXIT" ]; then exit "$VM_EXIT"; fi
trap 'exit 0' USR1
echo $$ > "$STATE/pid"; echo started
while :; do sleep 0.02; done`,
  curl: 'echo "$*" >> "$STATE/api"; [ "$GUEST" = deaf ] || kill -USR1 "$(cat "$STATE/pid")"',
};

const folder = mkdtempSync(join(tmpdir(), 'firecracker-image-'));
const programs = join(folder, 'bin');
let state: string;

beforeAll(() => {
  mkdirSync(programs);
  for (const [name, text] of Object.entries(FAKES))
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  for (const name of ['rootfs.ext4', 'vmlinux.bin', 'device']) writeFileSync(join(folder, name), 'content');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  state = mkdtempSync(join(folder, 'state-'));
  writeFileSync(join(state, 'forward'), '1\n');
  writeFileSync(join(state, 'termination-log'), '');
});

const stateFile = (name: string): string =>
  existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8') : '';

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onStart what happens when the VM has started */
async function run(env: Record<string, string> = {}, onStart?: (kill: () => void) => void): Promise<Result> {
  const child = spawn('sh', [SCRIPT], {
    env: {
      PATH: `${programs}:/usr/bin:/bin`,
      STATE: state,
      IPTABLES: 'works',
      SESSION_ID: 'alice-001',
      ROOTFS_PATH: join(folder, 'rootfs.ext4'),
      KERNEL_PATH: join(folder, 'vmlinux.bin'),
      CPU_COUNT: '2',
      MEMORY: '2048',
      GATEWAY_IP: '172.16.0.1',
      VM_IP: '172.16.0.2',
      TAP_DEVICE_NAME: 'tap0',
      KVM: join(folder, 'device'),
      TUN: join(folder, 'device'),
      FORWARD: join(state, 'forward'),
      NETWORK_CONFIG: join(state, 'network-config'),
      RUN_FOLDER: join(state, 'run'),
      TERMINATION_LOG: join(state, 'termination-log'),
      ...(onStart === undefined ? { VM_EXIT: '0' } : {}),
      ...env,
    },
  });
  let [stdout, stderr, isStarted] = ['', '', false];
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
    if (isStarted || !stdout.includes('started\n')) return;
    isStarted = true;
    onStart?.(() => child.kill('SIGTERM'));
  });
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

function expectFailure({ status, stderr }: Result, wanted: number, code: string, text: string): void {
  expect([status, stateFile('termination-log')]).toEqual([
    wanted,
    expect.stringMatching(new RegExp(`^firecracker-vm: ${code}: .+\\. Fix: .+\n$`)),
  ]);
  expect(stderr).toBe(stateFile('termination-log'));
  expect(stderr).toContain(text);
}

test('with a read-only root file system the socket is in a new folder of the shared memory', async () => {
  // A folder cannot be made below a file, by root neither.
  const shared = join(state, 'shared');
  mkdirSync(shared);
  mkdirSync(join(shared, 'firecracker'));
  const { status, stderr } = await run({ RUN_FOLDER: '/dev/null/run', SHARED_MEMORY: shared });
  expect([status, stderr]).toEqual([0, '']);
  const [, socket] = /^--api-sock (\S+) /.exec(stateFile('arguments')) ?? [];
  expect(socket).toMatch(new RegExp(`^${shared}/firecracker\\.\\w{6}/api\\.sock$`));
  expect(statSync(dirname(socket ?? '')).mode & 0o777).toBe(0o700);
});

test('without any folder that can be written it says so', async () => {
  const result = await run({ RUN_FOLDER: '/dev/null/run', SHARED_MEMORY: '/dev/null' });
  expectFailure(result, 25, 'not-writable', '/dev/null/run');
});

test('Firecracker gets its configuration from the environment', async () => {
  const { status, stderr } = await run({ KERNEL_ARGS: 'quiet loglevel=3' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stateFile('arguments')).toBe(`--api-sock ${state}/run/api.sock --config-file ${state}/run/vm.json\n`);
  expect(JSON.parse(stateFile('vm.json'))).toEqual({
    'boot-source': {
      kernel_image_path: join(folder, 'vmlinux.bin'),
      boot_args:
        'console=ttyS0 reboot=k panic=1 pci=off ip=172.16.0.2::172.16.0.1:255.255.255.252::eth0:off root=/dev/vda rw quiet loglevel=3',
    },
    drives: [
      { drive_id: 'rootfs', path_on_host: join(folder, 'rootfs.ext4'), is_root_device: true, is_read_only: false },
    ],
    'machine-config': { vcpu_count: 2, mem_size_mib: 2048 },
    'network-interfaces': [{ iface_id: 'eth0', guest_mac: '06:00:AC:10:00:02', host_dev_name: 'tap0' }],
  });
});

test('the file of network-setup gives the addresses that the environment lacks', async () => {
  writeFileSync(
    join(state, 'network-config'),
    'GATEWAY_IP=172.16.0.5\nVM_IP=172.16.0.6\nPOD_IP=10.0.0.9\nTAP_DEVICE=tap7\n',
  );
  expect((await run({ GATEWAY_IP: '', VM_IP: '', TAP_DEVICE_NAME: '' })).status).toBe(0);
  expect(stateFile('log')).toContain('ip address replace 172.16.0.5/30 dev tap7\n');
});

test.each(['172.16.0.3', '172.16.0.4', '172.16.0.254'])('the link is a /24 for the VM %s', async (vm) => {
  expect((await run({ VM_IP: vm })).status).toBe(0);
  expect(stateFile('log')).toContain('ip address replace 172.16.0.1/24 dev tap0\n');
  expect(stateFile('vm.json')).toContain(` ip=${vm}::172.16.0.1:255.255.255.0::eth0:off `);
});

test('a restarted container finds its tap and adds no rule twice', async () => {
  await run();
  const [log, rules] = [stateFile('log'), stateFile('rules')];
  expect(log).toBe(
    'ip tuntap add dev tap0 mode tap\nip address replace 172.16.0.1/30 dev tap0\nip link set dev tap0 up\n',
  );
  expect(rules.split('\n')).toEqual([
    '-w -t filter FORWARD -i tap0 ! -s 172.16.0.2/32 -j DROP',
    '-w -t filter FORWARD -i tap0 -j ACCEPT',
    '-w -t filter FORWARD -o tap0 -j ACCEPT',
    '-w -t nat POSTROUTING -s 172.16.0.2/32 ! -o tap0 -j MASQUERADE',
    '-w -t nat PREROUTING ! -i tap0 -p tcp --dport 22 -j DNAT --to-destination 172.16.0.2:22',
    '',
  ]);
  await run();
  expect(stateFile('log').slice(log.length)).not.toContain('tuntap');
  expect(stateFile('rules')).toBe(rules);
});

test.each([
  ['iptables does not work', { IPTABLES: 'broken' }, 'iptables does not work here'],
  ['the kernel does not forward', { FORWARD: '/proc/version' }, 'net.ipv4.ip_forward is 0 and read-only'],
])('port 22 is relayed where %s, which is said', async (_, env, text) => {
  const { status, stdout } = await run(env, (kill) => kill());
  expect([status, stdout]).toEqual([0, expect.stringContaining(`warning: ${text}`)]);
  expect(stateFile('rules')).toBe('');
  expect(stateFile('socat')).toContain('TCP:172.16.0.2:22,connect-timeout=2');
});

test('SIGTERM tells the guest to power down, and the exit status is 0', async () => {
  const { status, stdout } = await run({}, (kill) => kill());
  expect([status, stdout]).toEqual([0, expect.stringContaining('the VM ended (0)')]);
  expect(stateFile('api')).toBe(
    `-q --silent --fail --max-time 2 --unix-socket ${state}/run/api.sock -X PUT http://localhost/actions -H content-type: application/json -d {"action_type":"SendCtrlAltDel"}\n`,
  );
});

test('a guest that ignores it is ended after STOP_TIMEOUT', async () => {
  const { status, stdout } = await run({ GUEST: 'deaf', STOP_TIMEOUT: '1' }, (kill) => kill());
  expect([status, stdout]).toEqual([143, expect.stringContaining('warning: the VM still runs after 1 s and is ended')]);
});

test('the exit status of Firecracker is passed on', async () => {
  expectFailure(await run({ VM_EXIT: '148' }), 148, 'vm-failed', 'Firecracker ended with 148');
});

test.each([
  ['no-rootfs', 20, { ROOTFS_PATH: '/none/rootfs.ext4' }, '/none/rootfs.ext4 (ROOTFS_PATH) is no file'],
  ['no-kernel', 21, { KERNEL_PATH: '/none/vmlinux' }, '/none/vmlinux (KERNEL_PATH) is no file'],
  ['no-kvm', 22, { KVM: '/none/kvm' }, '/none/kvm is not there or not usable'],
  ['no-tun', 22, { TUN: '/none/tun' }, '/none/tun is not there'],
  ['no-tun', 22, { TUNTAP_ERROR: 'open: Operation not permitted' }, 'cannot be opened'],
  ['no-net-admin', 23, { TUNTAP_ERROR: 'ioctl(TUNSETIFF): Operation not permitted' }, 'capability NET_ADMIN'],
  ['no-net-admin', 23, { ADDRESS_ERROR: 'RTNETLINK answers: Operation not permitted' }, 'capability NET_ADMIN'],
  ['network-failed', 24, { TUNTAP_ERROR: 'ioctl(TUNSETIFF): Device or resource busy' }, 'Device or resource busy'],
  ['invalid-setting', 10, { MEMORY: '2Gi' }, 'MEMORY is "2Gi"'],
  ['invalid-setting', 10, { MEMORY: '99999999999999999999' }, 'MEMORY is'],
  ['invalid-setting', 10, { CPU_COUNT: '0' }, 'CPU_COUNT is "0"'],
  ['invalid-setting', 10, { CPU_COUNT: '33' }, 'CPU_COUNT is 33'],
  ['invalid-setting', 10, { GATEWAY_IP: '172.16.0' }, 'GATEWAY_IP is "172.16.0"'],
  ['invalid-setting', 10, { VM_IP: '172.16.0.2.' }, 'VM_IP is "172.16.0.2."'],
  ['invalid-setting', 10, { VM_IP: '172.16.1.2' }, 'are not two addresses of a /24'],
  ['invalid-setting', 10, { VM_IP: '172.16.0.1' }, 'are not two addresses of a /24'],
  ['invalid-setting', 10, { VM_IP: '172.16.0.255' }, 'ends with 255'],
  ['invalid-setting', 10, { GATEWAY_IP: '172.16.0.0' }, 'ends with 0'],
  ['invalid-setting', 10, { TAP_DEVICE_NAME: 'tap0 up' }, 'TAP_DEVICE_NAME is "tap0 up"'],
  ['invalid-setting', 10, { TAP_DEVICE_NAME: 'a'.repeat(16) }, 'at most 15'],
  ['invalid-setting', 10, { KERNEL_PATH: '/a", "x": "' }, 'KERNEL_PATH is'],
  ['invalid-setting', 10, { KERNEL_ARGS: 'quiet" }' }, 'KERNEL_ARGS has a character'],
  ['invalid-setting', 10, { STOP_TIMEOUT: 'soon' }, 'STOP_TIMEOUT is "soon"'],
] as const)('%s (%i) for %j', async (code, status, env, text) => {
  expectFailure(await run({ ...env }), status, code, text);
  expect(stateFile('arguments')).toBe('');
});
