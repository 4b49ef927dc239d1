import { join } from 'node:path';
import type { Program } from './keeper';

/** Where a control plane is: all its servers listen on the loopback interface. */
export interface Place {
  /** Folder of the built programs. */
  readonly bin: string;

  /** Folder of everything that the servers read and write. */
  readonly folder: string;

  readonly ports: Ports;
}

export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly api: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kubelet: number;
}

export const HOST = '127.0.0.1';

export const apiAddress = ({ ports }: Place): string => `https://${HOST}:${String(ports.api)}`;

/** The files of a control plane. */
export const filesOf = ({ folder }: Place) => ({
  kubeconfig: join(folder, 'kubeconfig'),
  tokens: join(folder, 'tokens.csv'),
  accountKey: join(folder, 'account.key'),
  accountPublicKey: join(folder, 'account.pub'),
  /** The API server makes these two itself. */
  certificates: folder,
  certificate: join(folder, 'apiserver.crt'),
  certificateKey: join(folder, 'apiserver.key'),
  kwok: join(folder, 'kwok.yaml'),
  containerLog: join(folder, 'container.log'),
  attachedLog: join(folder, 'attached.log'),
});

/** The store of the API server. It is thrown away, so it need not wait for the disk. */
export function etcd({ bin, folder, ports }: Place): Program {
  const client = `http://${HOST}:${String(ports.etcd)}`;
  const peer = `http://${HOST}:${String(ports.etcdPeer)}`;
  return program(bin, 'etcd', {
    'data-dir': join(folder, 'etcd'),
    'log-level': 'warn',
    'unsafe-no-fsync': true,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
  });
}

/** The API server, with the admission of a real cluster: RBAC, Pod Security, quota, schemas. */
export function apiServer(place: Place): Program {
  const files = filesOf(place);
  return program(place.bin, 'kube-apiserver', {
    'etcd-servers': `http://${HOST}:${String(place.ports.etcd)}`,
    'cert-dir': files.certificates,
    'bind-address': HOST,
    'advertise-address': HOST,
    'secure-port': place.ports.api,
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': '10.0.0.0/16',
    'authorization-mode': 'RBAC',
    'token-auth-file': files.tokens,
    'allow-privileged': true,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': files.accountPublicKey,
    'service-account-signing-key-file': files.accountKey,
    // It taints new nodes as not ready, and nothing here takes the taint away.
    'disable-admission-plugins': 'TaintNodesByCondition',
  });
}

interface ControllerFiles {
  readonly kubeconfig: string;
  readonly accountKey: string;

  /** Of the authority that the API server's certificate comes from. */
  readonly certificate: string;
}

/** What follows the API server: controllers and scheduler, each alone, and allowed far more requests a second than by default. */
export function controllers(
  bin: string,
  { kubeconfig, accountKey, certificate }: ControllerFiles,
  ports: Pick<Ports, 'controllerManager' | 'scheduler'>,
): Program[] {
  const common = {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': HOST,
    'kube-api-qps': 300,
    'kube-api-burst': 600,
    'leader-elect': false,
  };
  return [
    program(bin, 'kube-controller-manager', {
      ...common,
      'secure-port': ports.controllerManager,
      'service-account-private-key-file': accountKey,
      'root-ca-file': certificate,
      'use-service-account-credentials': true,
    }),
    program(bin, 'kube-scheduler', { ...common, 'secure-port': ports.scheduler }),
  ];
}

/** kwok plays the kubelets: pods become Running without containers. */
export function kwok(place: Place): Program {
  const { kubeconfig, kwok: config, certificate, certificateKey } = filesOf(place);
  return program(place.bin, 'kwok', {
    config,
    kubeconfig,
    'manage-all-nodes': true,
    'server-address': `${HOST}:${String(place.ports.kubelet)}`,
    'node-ip': HOST,
    'node-port': place.ports.kubelet,
    'tls-cert-file': certificate,
    'tls-private-key-file': certificateKey,
  });
}

/** A built program with flags. */
export const program = (
  bin: string,
  name: string,
  flags: Readonly<Record<string, string | number | boolean>>,
): Program => ({
  name,
  command: join(bin, name),
  args: Object.entries(flags).map(([flag, value]) => `--${flag}=${String(value)}`),
});
