import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FLUX_PORTS, fluxControllers } from '../cluster/flux';
import { gitServer } from '../cluster/git-server';
import { holdKeeper } from '../cluster/held';
import { Keeper } from '../cluster/keeper';
import { kindFiles } from '../cluster/kinds';
import { Kubectl } from '../cluster/kubectl';
import { freePorts } from '../cluster/ports';
import { systemsEnvironment } from '../cluster/systems';
import { answers, until } from '../cluster/until';
import { writeCertificates } from './certificates';
import { containerd, importImages, isContainerdReady, writeContainerRuntimeFiles } from './container-runtime';
import { apiServer, controllers, etcd } from './control-plane';
import { kubeRouter, makeControlGroup, nodePrograms, presentDevices, writeKubeletConfig } from './node-programs';
import { NODE, REGISTRY, filesOf, thisPlace, type Place } from './place';
import { buildSessionImages } from './session-images';

/** Starts a control plane, a real node and Flux, inside the machine that main.ts has made. */
export default async function setup(): Promise<void> {
  const place = thisPlace();
  const { kubeconfig } = filesOf(place);
  const keeper = new Keeper(join(place.folder, 'programs'));
  try {
    await startNode(keeper, place);
    say('node ready');
    const git = await startSystems(keeper, place);
    say('Flux ready');
    buildSessionImages(new Kubectl(place.bin, kubeconfig), place);
    say('images of sessions built');
    Object.assign(process.env, {
      CLUSTER_BIN: place.bin,
      KUBECONFIG: kubeconfig,
      ...systemsEnvironment({ git, registry: REGISTRY, certificate: '', metrics: {} }),
    });
    holdKeeper(keeper);
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

/** Shows how far the set-up is: it takes most of a minute. */
function say(what: string): void {
  process.stderr.write(`${process.uptime().toFixed(0)} s  ${what}\n`);
}

async function startNode(keeper: Keeper, place: Place): Promise<void> {
  const kubectl = new Kubectl(place.bin, filesOf(place).kubeconfig);
  writeCertificates(place);
  writeContainerRuntimeFiles(place);
  writeKubeletConfig(place);
  makeControlGroup(place);
  for (const program of [etcd(place), apiServer(place), containerd(place)]) keeper.start(program);
  await until(keeper, () => isContainerdReady(place));
  importImages(place);
  await until(keeper, () => kubectl.try(['get', '--raw', '/readyz']));
  for (const program of [...controllers(place), ...nodePrograms(place)]) keeper.start(program);
  await until(keeper, () => kubectl.try(['get', 'node', NODE]));
  keeper.start(kubeRouter(place));
  kubectl.run(['apply', '-f', join(__dirname, 'coredns.yaml')]);
  kubectl.run(['apply', '--server-side', ...kindFiles().flatMap((file) => ['-f', file])]);
  await until(keeper, () => kubectl.try(['wait', '--for=condition=Ready', `node/${NODE}`, '--timeout=5s']));
  await until(keeper, () => presentDevices().every(([resource]) => offered(kubectl, resource)));
  await until(keeper, () =>
    kubectl.try(['rollout', 'status', 'deployment/coredns', '-n', 'kube-system', '--timeout=5s']),
  );
}

/** Whether the node offers a device to pods. */
function offered(kubectl: Kubectl, resource: string): boolean {
  const { status } = kubectl.get('node', NODE);
  const { allocatable } = status as { readonly allocatable: Readonly<Record<string, string>> };
  return Number(allocatable[resource] ?? 0) > 0;
}

/** Starts a registry that the node pulls from, Flux, and the Git server that Flux reads. */
async function startSystems(keeper: Keeper, place: Place): Promise<{ url: string; folder: string }> {
  const { bin, folder } = place;
  const { kubeconfig } = filesOf(place);
  const kubectl = new Kubectl(bin, kubeconfig);
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } }]);
  const [gitPort = 0, ...ports] = await freePorts(1 + FLUX_PORTS);
  const [repositories, artifacts] = ['git', 'artifacts'].map((name) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  }) as [string, string];
  const git = gitServer(repositories, gitPort);
  const registry = {
    program: {
      name: 'registry',
      command: join(bin, 'crane'),
      args: ['registry', 'serve', `--address=${REGISTRY}`, `--disk=${join(folder, 'registry')}`],
    },
    sign: `http://${REGISTRY}/v2/`,
  };
  mkdirSync(join(folder, 'registry'), { recursive: true });
  const services = [git, registry, ...fluxControllers(bin, artifacts, ports)];
  for (const { program } of services)
    keeper.start({
      ...program,
      env: { KUBECONFIG: kubeconfig, ...('env' in program ? program.env : {}) },
    });
  for (const { sign } of services) await until(keeper, () => answers(sign));
  return { url: git.sign, folder: repositories };
}
