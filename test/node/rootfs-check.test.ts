/** dozlab rootfs check: the four conditions of requirement 001, found in images of several init systems. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../../src/rootfs/build';
import type { Check } from '../../src/rootfs/check/check';
import { checkImage, type CheckSettings } from '../../src/rootfs/check/check-image';
import { tarOf, type TarFile } from '../support/tar';

const folder = mkdtempSync(join(tmpdir(), 'rootfs-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

/** `-> x` is a link, `#!…` and `ELF` are programs. */
const entry = ([name, content]: [string, string]): TarFile =>
  content.startsWith('-> ')
    ? { name, type: 'symlink', linkname: content.slice(3) }
    : { name, content, mode: /^(#!|ELF)/.test(content) ? 0o755 : 0o644 };

async function checks(files: Files, settings: Partial<CheckSettings> = {}): Promise<Record<Check['name'], Check>> {
  const source = join(folder, 'source.tar');
  const image = join(folder, 'image.ext4');
  writeFileSync(source, await tarOf(Object.entries(files).map(entry)));
  await buildImage(source, image, { size: 16 * 1024 ** 2, label: undefined }, () => Promise.reject(new Error('none')));
  const found = checkImage(image, { address: '172.16.0.2', tools: [], ...settings });
  return Object.fromEntries(found.map((check) => [check.name, check])) as Record<Check['name'], Check>;
}

const SYSTEMD: Files = {
  'bin/sh': 'ELF',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  'usr/lib/systemd/systemd': 'ELF',
  lib: '-> usr/lib',
  'sbin/init': '-> /lib/systemd/systemd',
  'usr/sbin/sshd': 'ELF',
  'etc/ssh/ssh_host_ed25519_key': 'key',
  'usr/lib/systemd/system/ssh.service': '[Service]\nExecStart=/usr/sbin/sshd -D\n',
  'etc/systemd/system/multi-user.target.wants/ssh.service': '-> /lib/systemd/system/ssh.service',
  'usr/bin/dockerd': 'ELF',
  'usr/lib/systemd/system/docker.service': '[Service]\nExecStart=/usr/bin/dockerd -H fd://\n',
  'etc/systemd/system/multi-user.target.wants/docker.service': '-> /lib/systemd/system/docker.service',
  'etc/systemd/system/docker.service.d/port.conf':
    '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375\n',
};

const BUSYBOX: Files = {
  'bin/busybox': 'ELF',
  'bin/sh': '-> busybox',
  'sbin/init': '-> ../bin/busybox',
  'usr/sbin/dropbear': 'ELF',
  'usr/bin/dockerd': 'ELF',
  'etc/inittab': '::sysinit:/etc/init.d/rcS\n::respawn:/usr/sbin/dropbear -F -R\n',
  'etc/init.d/rcS': '#!/bin/sh\ndockerd -H tcp://0.0.0.0:2375 &\n',
};

const OPENRC: Files = {
  'bin/sh': 'ELF',
  'sbin/init': 'ELF',
  'usr/sbin/sshd': 'ELF',
  'etc/init.d/sshd': '#!/sbin/openrc-run\nssh-keygen -A\n',
  'etc/runlevels/default/sshd': '-> /etc/init.d/sshd',
  'usr/bin/dockerd': 'ELF',
  'etc/init.d/docker': '#!/sbin/openrc-run\n',
  'etc/runlevels/default/docker': '-> /etc/init.d/docker',
  'etc/docker/daemon.json': '{"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"]}',
};

const without = (files: Files, ...paths: string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));

test.each([
  ['systemd', SYSTEMD],
  ['busybox', BUSYBOX],
  ['OpenRC', OPENRC],
])('an image with %s has all four', async (_, files) => {
  expect(Object.values(await checks(files)).filter(({ isFound }) => !isFound)).toEqual([]);
});

test.each<[string, Check['name'], Files, string]>([
  ['no SSH server', 'ssh', without(SYSTEMD, 'usr/sbin/sshd'), 'no sshd and no dropbear'],
  ['one that is no program', 'ssh', { ...SYSTEMD, 'usr/sbin/sshd': 'text' }, 'no sshd and no dropbear'],
  [
    'one that nothing starts',
    'ssh',
    without(SYSTEMD, 'etc/systemd/system/multi-user.target.wants/ssh.service'),
    'nothing starts /usr/sbin/sshd',
  ],
  ['one that is masked', 'ssh', { ...SYSTEMD, 'etc/systemd/system/ssh.service': '-> /dev/null' }, 'nothing starts'],
  ['a wish without a unit', 'ssh', without(SYSTEMD, 'usr/lib/systemd/system/ssh.service'), 'nothing starts'],
  ['a comment that names it', 'ssh', { ...BUSYBOX, 'etc/inittab': '# dropbear -F\n' }, 'nothing starts'],
  ['no host key', 'ssh', without(SYSTEMD, 'etc/ssh/ssh_host_ed25519_key'), 'has no host key'],
  ['no init', 'ssh', without(SYSTEMD, 'sbin/init'), 'no /sbin/init'],
  ['no dockerd', 'docker', without(SYSTEMD, 'usr/bin/dockerd'), 'no dockerd'],
  [
    'one that nothing starts',
    'docker',
    without(OPENRC, 'etc/runlevels/default/docker'),
    'nothing starts /usr/bin/dockerd',
  ],
  [
    'one without the port',
    'docker',
    without(SYSTEMD, 'etc/systemd/system/docker.service.d/port.conf'),
    'listens on no TCP port',
  ],
  [
    'one that only its socket starts',
    'docker',
    {
      ...without(SYSTEMD, 'etc/systemd/system/multi-user.target.wants/docker.service'),
      'usr/lib/systemd/system/docker.socket': '[Socket]\nListenStream=/run/docker.sock\n',
      'etc/systemd/system/sockets.target.wants/docker.socket': '-> /lib/systemd/system/docker.socket',
    },
    'at the first use of its Unix socket only',
  ],
  [
    'one on loopback',
    'docker',
    { ...OPENRC, 'etc/docker/daemon.json': '{"hosts": ["tcp://127.0.0.1:2375"]}' },
    'loopback address only',
  ],
  [
    'two settings that exclude each other',
    'docker',
    {
      ...without(SYSTEMD, 'etc/systemd/system/docker.service.d/port.conf'),
      'etc/docker/daemon.json': '{"hosts": ["tcp://0.0.0.0:2375"]}',
    },
    'dockerd refuses hosts',
  ],
  [
    'DHCP in interfaces',
    'address',
    { ...BUSYBOX, 'etc/network/interfaces': 'auto eth0\niface eth0 inet dhcp\n' },
    '/etc/network/interfaces asks DHCP',
  ],
  [
    'DHCP of networkd',
    'address',
    { ...SYSTEMD, 'etc/systemd/network/10-all.network': '[Match]\nName=e*\n[Network]\nDHCP=yes\n' },
    '10-all.network asks DHCP',
  ],
  [
    'DHCP of netplan',
    'address',
    { ...SYSTEMD, 'etc/netplan/50.yaml': 'network:\n  ethernets:\n    eth0:\n      dhcp4: true\n' },
    '50.yaml asks DHCP',
  ],
  [
    'another address',
    'address',
    { ...SYSTEMD, 'etc/systemd/network/10.network': '[Network]\nAddress=10.0.0.5/24\n' },
    '10.network sets 10.0.0.5',
  ],
  [
    'an address that only starts alike',
    'address',
    { ...SYSTEMD, 'etc/systemd/network/10.network': '[Network]\nAddress=172.16.0.20/24\n' },
    'sets 172.16.0.20',
  ],
  ['cloud-init', 'address', { ...SYSTEMD, 'usr/bin/cloud-init': 'ELF' }, 'cloud-init asks DHCP'],
  ['no login shell', 'tools', { ...SYSTEMD, 'etc/passwd': 'root:x:0:0:root:/root:/bin/zsh\n' }, '/bin/zsh, is missing'],
])('%s: %s is not found', async (_, name, files, detail) => {
  const { [name]: check } = await checks(files);
  expect(check).toMatchObject({
    isFound: false,
    detail: expect.stringContaining(detail) as string,
    fix: expect.any(String) as string,
  });
});

test.each<[string, Check['name'], Files, string]>([
  [
    'a socket unit',
    'ssh',
    {
      ...without(SYSTEMD, 'etc/systemd/system/multi-user.target.wants/ssh.service'),
      'usr/lib/systemd/system/ssh.socket': '[Socket]\nListenStream=22\n',
      'etc/systemd/system/sockets.target.wants/ssh.socket': '-> /lib/systemd/system/ssh.socket',
    },
    'sockets.target.wants/ssh.socket',
  ],
  [
    'daemon.json with a unit without -H',
    'docker',
    {
      ...SYSTEMD,
      'etc/systemd/system/docker.service.d/port.conf': '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n',
      'etc/docker/daemon.json': '{"hosts": ["tcp://0.0.0.0:2375"]}',
    },
    '/etc/docker/daemon.json',
  ],
  [
    'the address in interfaces',
    'address',
    { ...BUSYBOX, 'etc/network/interfaces': 'iface eth0 inet static\n  address 172.16.0.2/30\n' },
    'set in /etc/network/interfaces',
  ],
  [
    'only loopback',
    'address',
    { ...BUSYBOX, 'etc/network/interfaces': 'auto lo\niface lo inet loopback\n  address 127.0.0.1\n' },
    'nothing changes the address',
  ],
  [
    'DHCP in a comment',
    'address',
    { ...BUSYBOX, 'etc/network/interfaces': '# iface eth0 inet dhcp\n' },
    'nothing changes the address',
  ],
])('%s is found', async (_, name, files, detail) => {
  const { [name]: check } = await checks(files);
  expect(check).toMatchObject({ isFound: true, detail: expect.stringContaining(detail) as string });
});

test('tools of the lab are named that are missing', async () => {
  const files = { ...SYSTEMD, 'usr/local/bin/kubectl': 'ELF', 'usr/bin/k3s': 'no program' };
  expect((await checks(files, { tools: ['kubectl'] })).tools).toMatchObject({
    isFound: true,
    detail: '/bin/sh, kubectl',
  });
  expect((await checks(files, { tools: ['kubectl', 'k3s', 'kind'] })).tools).toMatchObject({
    isFound: false,
    detail: 'no k3s, kind',
  });
});

test('a file that is no image, or a damaged one, is an error', async () => {
  const settings = { address: '172.16.0.2', tools: [] };
  const text = join(folder, 'text');
  writeFileSync(text, 'text');
  const error = { code: 'invalid-rootfs' } as const;
  expect(() => checkImage(text, settings)).toThrow(expect.objectContaining(error) as Error);
  await checks(SYSTEMD);
  const image = join(folder, 'image.ext4');
  truncateSync(image, 8192);
  expect(() => checkImage(image, settings)).toThrow(expect.objectContaining(error) as Error);
});
