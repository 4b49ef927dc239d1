import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage } from '../../../src/rootfs/build';
import { addBusybox, addFile, addProgram, addText } from './folders';
import { imageFolder, type KeptFile } from './image-cache';

/** The root file system of the microVM in the tests: busybox, an SSH server, tmux, and a server in place of Docker's. */
export const GUEST = 'guest.ext4';

/** The only password of the guest's root, and of nothing else. */
export const GUEST_PASSWORD = 'guest-of-the-tests';

const INIT = `#!/bin/sh
# Process 1 of the guest.
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mkdir -p /dev/pts; mount -t devpts devpts /dev/pts; mount -t tmpfs tmp /run
echo 0 > /proc/sys/kernel/ctrl-alt-del
trap 'echo "guest shuts down" > /dev/console; sync; reboot -f' INT
ip link set lo up; ip addr add 172.16.0.2/30 dev eth0; ip link set eth0 up; ip route add default via 172.16.0.1
case $(cat /proc/cmdline) in *no-ssh*) ;; *) /usr/sbin/dropbear -R -E -p 22 ;; esac
/usr/sbin/dockerd -H tcp://0.0.0.0:2375 &
echo "guest is up" > /dev/console
while :; do sleep 1000 & wait $!; done
`;

const DOCKERD = `#!/bin/sh
# In place of Docker: -H tcp://ADDRESS:PORT
exec nc -ll -p "\${2##*:}" -e /bin/docker-answer
`;

const DOCKER_ANSWER = `#!/bin/sh
# Answers every request as GET /_ping of Docker does.
read -r line
printf 'HTTP/1.1 200 OK\\r\\nApi-Version: 1.47\\r\\nContent-Type: text/plain\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nOK'
`;

/** Files of Debian's kernel: the kernel itself and a first disk with the modules that it needs. */
const MODULES = [
  ...['virtio_ring', 'virtio', 'virtio_pci_modern_dev', 'virtio_pci_legacy_dev', 'virtio_pci', 'virtio_blk'],
  ...['failover', 'net_failover', 'virtio_net'],
];

const INITRD_INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc; /bin/busybox mount -t sysfs sys /sys; /bin/busybox mount -t devtmpfs dev /dev
for module in /modules/*; do /bin/busybox insmod "$module"; done
/bin/busybox mount -t ext4 /dev/vda /mnt && exec /bin/busybox switch_root /mnt /sbin/init
`;

const MIB = 1 << 20;

const inWork = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 2], maxBuffer: 1 << 28 });

/** The files of `dozlab rootfs build`, which makes the guest. */
const SOURCES = join(__dirname, '..', '..', '..', 'src', 'rootfs');
const BUILDER = readdirSync(SOURCES)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SOURCES, name));

/** What tmux needs beside its libraries: a UTF-8 locale, and the terminals outside and inside it. */
const TMUX_FILES = [
  '/usr/lib/locale/C.utf8/LC_CTYPE',
  ...['/lib/terminfo/x/xterm-256color', '/lib/terminfo/s/screen-256color'],
];

export const guest: KeptFile = {
  file: GUEST,
  inputs: ['/bin/busybox', '/usr/sbin/dropbear', '/usr/bin/tmux', __filename, ...BUILDER],
  make: async (path, work) => {
    const root = join(work, 'root');
    mkdirSync(root);
    addBusybox(root);
    addProgram(root, '/usr/sbin/dropbear');
    mkdirSync(join(root, 'etc/dropbear'));
    addProgram(root, '/usr/bin/tmux');
    for (const path of TMUX_FILES) addFile(root, path, path);
    addText(root, 'etc/shells', '/bin/sh\n');
    const hash = inWork('openssl', ['passwd', '-6', '-salt', 'tests', GUEST_PASSWORD], work).trim();
    addText(root, 'etc/shadow', `root:${hash}:19000::::::\n`, 0o600);
    addText(root, 'bin/docker-answer', DOCKER_ANSWER, 0o755);
    addText(root, 'usr/sbin/dockerd', DOCKERD, 0o755);
    rmSync(join(root, 'bin/init'));
    addText(root, 'bin/init', INIT, 0o755);
    chmodSync(join(root, 'root'), 0o700);
    await buildImage(root, path, { size: 48 * MIB, label: undefined }, () => Promise.reject(new Error('no registry')));
  },
};

/** The kernel's name, as apt knows it. */
const kernelPackage = (): string =>
  /Depends: (linux-image-\S+)/.exec(inWork('apt-cache', ['depends', 'linux-image-cloud-amd64'], '/'))?.[1] ?? '';

export const KERNEL = 'guest.vmlinuz';
export const INITRD = 'guest.initrd';

/** Debian's kernel, out of its package, which is not installed. */
function unpackKernel(work: string): string {
  inWork('apt-get', ['-o', 'APT::Sandbox::User=root', '-qq', 'download', kernelPackage()], work);
  const file = readdirSync(work).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('apt-get downloaded no kernel');
  inWork('dpkg-deb', ['-x', file, 'kernel'], work);
  return join(work, 'kernel');
}

export const kernel: KeptFile = {
  file: KERNEL,
  inputs: [__filename],
  make: (path, work) => {
    const boot = join(unpackKernel(work), 'boot');
    const name = readdirSync(boot).find((each) => each.startsWith('vmlinuz-'));
    addFile('/', path, join(boot, name ?? ''));
  },
};

export const initrd: KeptFile = {
  file: INITRD,
  inputs: ['/bin/busybox', __filename],
  make: (path, work) => {
    const modules = join(unpackKernel(work), 'lib/modules');
    const root = join(work, 'initrd');
    for (const name of ['bin', 'dev', 'proc', 'sys', 'mnt', 'modules'])
      mkdirSync(join(root, name), { recursive: true });
    addFile(root, 'bin/busybox', '/bin/busybox');
    addText(root, 'init', INITRD_INIT, 0o755);
    const all = inWork('find', [modules, '-name', '*.ko*'], work).split('\n');
    MODULES.forEach((name, index) => {
      const file = all.find((each) => each.includes(`/${name}.ko`));
      // A kernel may have it inside.
      if (file === undefined) return;
      const target = join(root, 'modules', `${String(index + 10)}-${name}.ko`);
      if (file.endsWith('.xz')) inWork('sh', ['-c', `xz -dc '${file}' > '${target}'`], work);
      else addFile('/', target, file);
    });
    inWork('sh', ['-c', `find . | cpio --quiet -o -H newc | gzip -1n > '${path}'`], root);
  },
};

export const guestFile = (name: string): string => join(imageFolder(), name);
