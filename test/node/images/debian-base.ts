import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { addFile } from './folders';
import { INITRD, guestFile } from './guest';
import type { KeptFile } from './image-cache';
import { packImage } from './pack';

/** The image that the Dockerfiles of images/ are built on: they take no package from a network when it has them. */
export const BASE = 'registry.local/debian-base:1';

/** What the Dockerfiles install, and what stand-ins need: QEMU in place of Firecracker. */
const PACKAGES = [
  'ca-certificates',
  'curl',
  'e2fsprogs',
  'iproute2',
  'iptables',
  'libatomic1',
  'libstdc++6',
  'qemu-system-x86',
  'socat',
];

const UNUSED = ['doc', 'locale', 'man', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);

/** Debian with packages, and the Node of this process. */
export const debianBase: KeptFile = {
  file: 'debian-base.tar',
  get inputs() {
    return [process.execPath, guestFile(INITRD)];
  },
  settings: PACKAGES,
  make: async (path, work) => {
    const root = join(work, 'root');
    const codename = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
    const options = ['--quiet', '--variant=minbase', `--include=${PACKAGES.join(',')}`, ...UNUSED];
    execFileSync('mmdebstrap', [...options, codename, root, ...sourcesOf(codename)], { stdio: ['ignore', 2, 2] });
    addFile(root, 'usr/local/bin/node', process.execPath);
    // The stand-in for Firecracker looks for it there.
    addFile(root, 'find/initrd', guestFile(INITRD));
    await packImage(BASE, root, path, { Cmd: ['bash'] }, true);
  },
};

/** The files that name where this machine takes packages of its own Debian from. */
function sourcesOf(codename: string): string[] {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  ];
  const names = new RegExp(`^(?:Suites:|deb\\s.*?)\\s+${codename}(?:-\\w+)*(?:\\s|$)`, 'm');
  return files.filter((file) => existsSync(file) && names.test(readFileSync(file, 'utf8')));
}
