import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from './control-plane';
import { requireGo } from './go';
import { Keeper } from './keeper';
import { Kubectl } from './kubectl';
import { holdKeeper } from './held';
import { startSystems, systemsEnvironment } from './systems';
import { binFolder, buildTools } from './tools';

/** Builds the tools, and starts a control plane and the systems beside it unless KUBECONFIG names a cluster. */
export default async function setup(): Promise<void> {
  requireGo();
  const bin = binFolder();
  const keeper = new Keeper(mkdtempSync(join(tmpdir(), 'dozlab-cluster-')));
  try {
    await buildTools(keeper, bin);
    const given = process.env['KUBECONFIG'];
    const isGiven = given !== undefined && given !== '';
    const kubeconfig = isGiven ? given : await startControlPlane(keeper, bin);
    const own = isGiven ? {} : systemsEnvironment(await startSystems(keeper, bin, kubeconfig));
    expectGatewayApi(new Kubectl(bin, kubeconfig));
    // The processes that run the tests inherit these.
    Object.assign(process.env, { CLUSTER_BIN: bin, KUBECONFIG: kubeconfig, ...own });
    holdKeeper(keeper);
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

function expectGatewayApi(kubectl: Kubectl): void {
  kubectl.run(['version']);
  if (!kubectl.try(['get', 'crd', 'httproutes.gateway.networking.k8s.io']))
    throw new Error('the cluster has no HTTPRoute: install the standard kinds of the Gateway API first');
}
