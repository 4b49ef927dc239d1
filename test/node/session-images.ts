import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from '../cluster/kubectl';
import { BASE } from './images/debian-base';
import { KERNEL, guestFile } from './images/guest';
import { REGISTRY, type Place } from './place';
import { hasKvm, vmEngine } from './vm-engine';

/** The images of a session that images/ has a Dockerfile for, by the name of their folder. */
const BUILT = ['init', 'network', 'firecracker', 'terminal'] as const;

const REPOSITORY = join(__dirname, '..', '..');
const NAMESPACE = 'image-builds';

type BuiltName = (typeof BUILT)[number];

export const builtImage = (name: BuiltName): string => `${REGISTRY}/dozlab/${name}`;

/** Builds the images of images/ by Kaniko in the cluster, without a network, and pushes them to the machine's registry. */
export function buildSessionImages(kubectl: Kubectl, place: Place): void {
  const context = buildContext(place);
  crane(place, 'push', '--insecure', guestFile('debian-base.tar'), baseInRegistry);
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
  kubectl.run(['wait', '--for=create', 'serviceaccount/default', '-n', NAMESPACE, '--timeout=60s']);
  kubectl.apply(BUILT.map((name) => builder(name, context)));
  const isBuilt = '--for=jsonpath={.status.phase}=Succeeded';
  for (const name of BUILT)
    if (!kubectl.try(['wait', isBuilt, `pod/${name}`, '-n', NAMESPACE, '--timeout=420s']))
      throw new Error(`the image ${name} was not built:\n${kubectl.run(['logs', name, '-n', NAMESPACE, '--tail=30'])}`);
  kubectl.run(['delete', 'namespace', NAMESPACE, '--wait=false']);
}

const baseInRegistry = `${REGISTRY}/base/${BASE.slice(BASE.indexOf('/') + 1)}`;

function crane({ bin }: Place, ...args: string[]): void {
  execFileSync(join(bin, 'crane'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** What the Dockerfiles read. Without KVM a program that runs QEMU takes the place of Firecracker. */
function buildContext({ bin, folder }: Place): string {
  const context = join(folder, 'context');
  cpSync(join(REPOSITORY, 'images'), join(context, 'images'), { recursive: true });
  cpSync(join(REPOSITORY, 'build', 'images'), join(context, 'build', 'images'), { recursive: true });
  const binaries = join(context, 'images', 'firecracker', 'bin');
  mkdirSync(binaries, { recursive: true });
  const standIn = { program: join(bin, 'firecracker'), kernel: guestFile(KERNEL) };
  const { program, kernel } = vmEngine(process.env, hasKvm(), standIn);
  cpSync(program, join(binaries, 'firecracker'));
  cpSync(kernel, join(binaries, 'vmlinux.bin'));
  return context;
}

const builder = (name: BuiltName, context: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'kaniko',
        image: 'registry.local/kaniko:1.25.5',
        args: [
          ...['--context=dir:///workspace', `--dockerfile=/workspace/images/${name}/Dockerfile`],
          ...[`--destination=${builtImage(name)}:1`, `--build-arg=BASE=${baseInRegistry}`],
          ...['--insecure', '--insecure-pull', '--skip-tls-verify', '--single-snapshot', '--compressed-caching=false'],
        ],
        volumeMounts: [{ name: 'context', mountPath: '/workspace' }],
      },
    ],
    volumes: [{ name: 'context', hostPath: { path: context } }],
  },
});
