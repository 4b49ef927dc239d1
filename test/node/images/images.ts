import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourcesOf } from '../../cluster/go';
import { realCodeServer } from './code-server';
import { debianBase } from './debian-base';
import { addBusybox, addFile, addSystem } from './folders';
import { guest, initrd, kernel } from './guest';
import { keep, type KeptFile } from './image-cache';
import { packImage, type ImageConfig } from './pack';

/** An image of the node or of the tests: its reference is registry.local/NAME:TAG. */
interface SmallImage {
  readonly name: string;
  readonly tag: string;
  readonly config: ImageConfig;

  /** Files of which it is made. */
  readonly inputs: readonly string[];

  readonly fill: (root: string) => void;
}

const LIGHT_VM = 'ip addr add "$VM_IP/32" dev lo; exec nc -ll -p 22 -e echo SSH-2.0-light';

const smallImages = (bin: string): readonly SmallImage[] => {
  const built = (name: string): string => join(bin, name);
  const pause = join(sourcesOf('kubelet', 'k8s.io/kubernetes'), 'build/pause/linux/pause.c');
  return [
    {
      ...{ name: 'pause', tag: '3.10', config: { Entrypoint: ['/pause'] }, inputs: [pause] },
      fill: (root) => execFileSync('gcc', ['-Os', '-static', '-s', '-o', join(root, 'pause'), pause]),
    },
    { name: 'busybox', tag: '1', config: { Cmd: ['sh'] }, inputs: ['/bin/busybox'], fill: addBusybox },
    {
      ...{ name: 'coredns', tag: '1.15.0', config: { Entrypoint: ['/coredns'] }, inputs: [built('coredns')] },
      fill: (root) => {
        addFile(root, 'coredns', built('coredns'));
      },
    },
    {
      ...{ name: 'kaniko', tag: '1.25.5', inputs: [built('kaniko')] },
      config: { Entrypoint: ['/kaniko/executor'], WorkingDir: '/workspace' },
      fill: (root) => {
        addSystem(root);
        mkdirSync(join(root, 'workspace'));
        addFile(root, 'kaniko/executor', built('kaniko'));
      },
    },
    {
      ...{ name: 'code-server', tag: '1', config: { User: '1000' }, inputs: [built('code-server'), '/bin/busybox'] },
      fill: (root) => {
        addBusybox(root);
        addFile(root, 'usr/local/bin/code-server', built('code-server'));
      },
    },
    {
      ...{ name: 'light-init', tag: '1', config: { Cmd: ['sh', '-c', 'echo rootfs > "$IMAGE_PATH"'] } },
      ...{ inputs: ['/bin/busybox'], fill: addBusybox },
    },
    {
      // No microVM: the container itself answers in its place, with a banner of SSH.
      ...{ name: 'light-vm', tag: '1', config: { Cmd: ['sh', '-c', LIGHT_VM] } },
      ...{ inputs: ['/bin/busybox'], fill: addBusybox },
    },
    {
      ...{ name: 'terminal', tag: '1', config: { Cmd: ['terminal'] }, inputs: [built('terminal'), '/bin/busybox'] },
      fill: (root) => {
        addBusybox(root);
        addFile(root, 'usr/local/bin/terminal', built('terminal'));
      },
    },
  ];
};

const keptImage = ({ name, tag, config, inputs, fill }: SmallImage): KeptFile => ({
  ...{
    file: `${name}.tar`,
    inputs: [...inputs, __filename, join(__dirname, 'folders.ts'), join(__dirname, 'pack.ts')],
  },
  make: async (path, work) => {
    const root = join(work, 'root');
    mkdirSync(root);
    fill(root);
    await packImage(`registry.local/${name}:${tag}`, root, path, config);
  },
});

/** Makes the images that the node starts with, and the guest of the microVM. REAL_CODE_SERVER in the environment adds the real VS Code. */
export async function buildImages(bin: string): Promise<void> {
  const files = [...smallImages(bin).map(keptImage), guest, kernel, initrd, debianBase];
  if (process.env['REAL_CODE_SERVER'] === '1') files.push(realCodeServer);
  for (const file of files) await keep(file);
}
