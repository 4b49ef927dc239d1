import { join } from 'node:path';

/** Where things are in the machine of the tests: a network of its own, so that addresses and ports are fixed. */
export interface Place {
  /** Folder of the built programs. */
  readonly bin: string;

  /** Folder of the images as files. */
  readonly images: string;

  /** Folder of all that the machine writes; not on overlayfs. */
  readonly folder: string;

  /** Name of the control group of all pods. */
  readonly cgroup: string;
}

export const NODE = 'node-a';
export const HOST = '10.77.0.1';
export const API_PORT = 16443;
export const REGISTRY = `${HOST}:5000`;
export const PODS = '10.88.0.0/16';
export const SERVICES = '10.0.0.0/16';
export const API_SERVICE = '10.0.0.1';
export const DNS = '10.0.0.10';

/** The environment variable by which what runs in the machine knows its place. */
const VARIABLE = 'NODE_PLACE';

export const placeEnvironment = (place: Place): NodeJS.ProcessEnv => ({ [VARIABLE]: JSON.stringify(place) });

/** @throws Error outside the machine */
export function thisPlace(): Place {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('the tests on a real node run in a machine of their own: npm run test:node');
  return JSON.parse(text) as Place;
}

/** The files of the machine's control plane and node. */
export const filesOf = ({ folder }: Place) => ({
  kubeconfig: join(folder, 'kubeconfig'),
  kubeletKubeconfig: join(folder, 'kubelet.kubeconfig'),
  certificates: join(folder, 'pki'),
  containerd: join(folder, 'containerd.toml'),
  containerdRoot: join(folder, 'var', 'containerd'),
  registries: join(folder, 'registries'),
  network: join(folder, 'cni'),
  kubelet: join(folder, 'kubelet.yaml'),
});
