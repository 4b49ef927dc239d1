import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { API_PORT, API_SERVICE, HOST, NODE, filesOf, type Place } from './place';

/** A certificate: its file name, its subject, and the names and addresses that it is for. */
interface Certificate {
  readonly name: string;
  readonly subject: string;

  /** @default none: of a client */
  readonly names?: readonly string[];
}

const API_NAMES = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map((name) => `DNS:${name}`);

const CERTIFICATES: readonly Certificate[] = [
  {
    name: 'apiserver',
    subject: '/CN=kube-apiserver',
    names: [...API_NAMES, `IP:${HOST}`, 'IP:127.0.0.1', `IP:${API_SERVICE}`],
  },
  { name: 'apiserver-client', subject: '/O=system:masters/CN=kube-apiserver' },
  { name: 'admin', subject: '/O=system:masters/CN=admin' },
  { name: 'kubelet', subject: `/O=system:nodes/CN=system:node:${NODE}` },
  { name: 'kubelet-server', subject: `/CN=${NODE}`, names: [`DNS:${NODE}`, `IP:${HOST}`, 'IP:127.0.0.1'] },
];

/** Path of a certificate or key of the machine, such as `ca.crt`. */
export const certificate = (place: Place, file: string): string => join(filesOf(place).certificates, file);

/** Makes a certificate authority, the certificates that it signs, the key of service accounts, and the kubeconfigs. */
export function writeCertificates(place: Place): void {
  const folder = filesOf(place).certificates;
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=machine', '-keyout', 'ca.key', '-out', 'ca.crt');
  openssl('genrsa', '-out', 'accounts.key', '2048');
  openssl('rsa', '-in', 'accounts.key', '-pubout', '-out', 'accounts.pub');
  for (const { name, subject, names = [] } of CERTIFICATES) {
    writeFileSync(join(folder, `${name}.ext`), names.length > 0 ? `subjectAltName=${names.join(',')}\n` : '');
    openssl('req', ...newKey, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.crt`);
  }
  const { kubeconfig, kubeletKubeconfig } = filesOf(place);
  writeFileSync(kubeconfig, kubeconfigOf(place, 'admin'), { mode: 0o600 });
  writeFileSync(kubeletKubeconfig, kubeconfigOf(place, 'kubelet'), { mode: 0o600 });
}

const kubeconfigOf = (place: Place, user: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'local',
        cluster: {
          server: `https://${HOST}:${String(API_PORT)}`,
          'certificate-authority': certificate(place, 'ca.crt'),
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          'client-certificate': certificate(place, `${user}.crt`),
          'client-key': certificate(place, `${user}.key`),
        },
      },
    ],
    contexts: [{ name: 'local', context: { cluster: 'local', user } }],
    'current-context': 'local',
  });
