import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { CONTAINER_LOG, NODES, kubeconfig, kwokConfig, tokens } from './contents';
import { sourcesOf } from './go';
import type { Keeper } from './keeper';
import { kindFiles } from './kinds';
import { Kubectl } from './kubectl';
import { freePorts } from './ports';
import { apiServer, controllers, etcd, filesOf, kwok, type Place } from './servers';
import { until } from './until';

/**
 * Starts a control plane in the folder of a keeper, which ends it: etcd, the API server, the controllers, the scheduler, two nodes that kwok
 * plays, and the kinds of others.
 * @returns the path of its kubeconfig
 */
export async function startControlPlane(keeper: Keeper, bin: string): Promise<string> {
  const place = await placeFor(keeper, bin);
  const files = filesOf(place);
  writeFiles(place);
  keeper.start(etcd(place));
  keeper.start(apiServer(place));
  const kubectl = new Kubectl(bin, files.kubeconfig);
  await until(keeper, () => kubectl.try(['get', '--raw', '/readyz']));

  for (const program of [...controllers(bin, files, place.ports), kwok(place)]) keeper.start(program);
  kubectl.apply(NODES);
  kubectl.run(['apply', '--server-side', ...kindFiles().flatMap((file) => ['-f', file])]);
  await until(keeper, () => kubectl.try(['wait', '--for=condition=Ready', 'node', '--all', '--timeout=5s']));
  await until(keeper, () => kubectl.try(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=5s']));
  return files.kubeconfig;
}

async function placeFor({ folder }: Keeper, bin: string): Promise<Place> {
  const [etcd = 0, etcdPeer = 0, api = 0, controllerManager = 0, scheduler = 0, kubelet = 0] = await freePorts(6);
  return { bin, folder, ports: { etcd, etcdPeer, api, controllerManager, scheduler, kubelet } };
}

function writeFiles(place: Place): void {
  const token = randomBytes(16).toString('hex');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = filesOf(place);
  const contents: readonly (readonly [path: string, content: string])[] = [
    [files.accountKey, privateKey],
    [files.accountPublicKey, publicKey],
    [files.tokens, tokens(token)],
    [files.kubeconfig, kubeconfig(place, token)],
    [files.kwok, kwokConfig(place, sourcesOf('kwok', 'sigs.k8s.io/kwok'))],
    [files.containerLog, CONTAINER_LOG],
    [files.attachedLog, ''],
  ];
  for (const [path, content] of contents) writeFileSync(path, content, { mode: 0o600 });
}
