import { join } from 'node:path';
import type { Program } from '../cluster/keeper';
import { controllers as controllersOf, program } from '../cluster/servers';
import { certificate } from './certificates';
import { API_PORT, HOST, SERVICES, filesOf, type Place } from './place';

const ETCD = 'http://127.0.0.1:2379';
const ETCD_PEER = 'http://127.0.0.1:2380';

/** The store of the API server. It is thrown away, so it need not wait for the disk. */
export const etcd = ({ bin, folder }: Place): Program =>
  program(bin, 'etcd', {
    'data-dir': join(folder, 'etcd'),
    'log-level': 'warn',
    'unsafe-no-fsync': true,
    'listen-client-urls': ETCD,
    'advertise-client-urls': ETCD,
    'listen-peer-urls': ETCD_PEER,
    'initial-advertise-peer-urls': ETCD_PEER,
    'initial-cluster': `default=${ETCD_PEER}`,
  });

/** The API server, which reaches the kubelet and knows nodes by their certificates. */
export const apiServer = (place: Place): Program =>
  program(place.bin, 'kube-apiserver', {
    'etcd-servers': ETCD,
    'bind-address': '0.0.0.0',
    'advertise-address': HOST,
    'secure-port': API_PORT,
    'tls-cert-file': certificate(place, 'apiserver.crt'),
    'tls-private-key-file': certificate(place, 'apiserver.key'),
    'client-ca-file': certificate(place, 'ca.crt'),
    'allow-privileged': true,
    'service-cluster-ip-range': SERVICES,
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': certificate(place, 'accounts.pub'),
    'service-account-signing-key-file': certificate(place, 'accounts.key'),
    'kubelet-client-certificate': certificate(place, 'apiserver-client.crt'),
    'kubelet-client-key': certificate(place, 'apiserver-client.key'),
    'kubelet-certificate-authority': certificate(place, 'ca.crt'),
    'kubelet-preferred-address-types': 'InternalIP',
  });

/** Controllers and scheduler, beside the API server. */
export const controllers = (place: Place): Program[] =>
  controllersOf(
    place.bin,
    {
      kubeconfig: filesOf(place).kubeconfig,
      accountKey: certificate(place, 'accounts.key'),
      certificate: certificate(place, 'ca.crt'),
    },
    { controllerManager: API_PORT + 1, scheduler: API_PORT + 2 },
  );
