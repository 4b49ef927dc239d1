import { ctr } from './container-runtime';
import { thisPlace, type Place } from './place';

/** A container as the runtime was told to make it: the parts of OCI's runtime specification that tests look at. */
export interface RuntimeContainer {
  readonly process: {
    readonly args: readonly string[];
    readonly env: readonly string[];
    readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids?: readonly number[] };
    readonly capabilities?: { readonly bounding?: readonly string[]; readonly effective?: readonly string[] };
    readonly noNewPrivileges?: boolean;
  };
  readonly root: { readonly readonly?: boolean };
  readonly mounts: readonly { readonly destination: string; readonly options?: readonly string[] }[];
  readonly linux: {
    readonly devices?: readonly { readonly path: string }[];
    readonly seccomp?: { readonly defaultAction: string };
  };
}

/** The containers of a pod, those that have ended among them, by name. */
export function runtimeContainers(podUid: string): Readonly<Record<string, RuntimeContainer>> {
  const place = thisPlace();
  const ids = containerIds(place, `labels."io.kubernetes.pod.uid"==${podUid}`);
  return Object.fromEntries(
    ids.map((id) => {
      const { Labels, Spec } = JSON.parse(ctr(place, 'containers', 'info', id)) as {
        readonly Labels: Readonly<Record<string, string>>;
        readonly Spec: RuntimeContainer;
      };
      return [Labels['io.kubernetes.container.name'] ?? id, Spec];
    }),
  );
}

/** Kills the first process of a running container, as a fault of the node does. */
export function killContainer(podUid: string, name: string): void {
  const place = thisPlace();
  const filter = `labels."io.kubernetes.pod.uid"==${podUid},labels."io.kubernetes.container.name"==${name}`;
  const ids = new Set(containerIds(place, filter));
  const [, pid] =
    ctr(place, 'tasks', 'list')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find(([id = '', , status]) => ids.has(id) && status === 'RUNNING') ?? [];
  if (pid === undefined) throw new Error(`the container ${name} does not run`);
  process.kill(Number(pid), 'SIGKILL');
}

const containerIds = (place: Place, filter: string): string[] =>
  ctr(place, 'containers', 'list', '--quiet', `${filter},labels."io.cri-containerd.kind"==container`)
    .split('\n')
    .filter(Boolean);
