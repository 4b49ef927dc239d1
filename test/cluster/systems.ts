import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fluxControllers } from './flux';
import { gitServer } from './git-server';
import type { Keeper, Program } from './keeper';
import { Kubectl } from './kubectl';
import { freePorts } from './ports';
import { sealedSecretsController } from './sealed-secrets';
import { HOST, program } from './servers';
import { answers, until } from './until';

/** What runs beside a control plane of this run. */
export interface Systems {
  /** The Git server: where it serves, and the folder of its bare repositories. */
  readonly git: { readonly url: string; readonly folder: string };

  /** Host and port of an OCI registry without TLS. */
  readonly registry: string;

  /** Where the certificate is that secrets are sealed with. */
  readonly certificate: string;
}

/** The environment variable by which the tests know the systems. */
const VARIABLE = 'CLUSTER_SYSTEMS';

/** What the environment is to have, so that `systems` finds them. */
export const systemsEnvironment = (systems: Systems): NodeJS.ProcessEnv => ({ [VARIABLE]: JSON.stringify(systems) });

/** @throws Error when the cluster is not one of this run */
export function systems(): Systems {
  const told = process.env[VARIABLE];
  if (told === undefined)
    throw new Error(
      'Flux, Sealed Secrets, Git and registry run only beside a control plane of the tests: unset KUBECONFIG',
    );
  return JSON.parse(told) as Systems;
}

/** Starts Flux's controllers, a Git server, an OCI registry and the controller of Sealed Secrets, which the keeper ends. */
export async function startSystems(keeper: Keeper, bin: string, kubeconfig: string): Promise<Systems> {
  const [git = 0, registry = 0, sealed = 0, sealedMetrics = 0, ...flux] = await freePorts(11);
  const folder = join(keeper.folder, 'git');
  for (const name of ['git', 'temporary']) mkdirSync(join(keeper.folder, name));
  new Kubectl(bin, kubeconfig).apply(['flux-system', 'sealed-secrets'].map(namespace));

  const controllers = fluxControllers(bin, keeper.folder, flux);
  const start = (started: Program): void => {
    const env = { KUBECONFIG: kubeconfig, TMPDIR: join(keeper.folder, 'temporary'), ...started.env };
    keeper.start({ ...started, env });
  };
  start(gitServer(folder, git));
  start({ ...program(bin, 'crane', {}), args: ['registry', 'serve', `--address=${HOST}:${String(registry)}`] });
  start(sealedSecretsController(bin, sealed, sealedMetrics));
  for (const { program: controller } of controllers) start(controller);

  const at = (port: number): string => `http://${HOST}:${String(port)}`;
  const found = {
    git: { url: at(git), folder },
    registry: `${HOST}:${String(registry)}`,
    certificate: `${at(sealed)}/v1/cert.pem`,
  };
  const signs = [
    at(git),
    `${at(registry)}/v2/`,
    found.certificate,
    ...controllers.map(({ health }) => `${at(health)}/readyz`),
  ];
  for (const sign of signs) await until(keeper, () => answers(sign));
  return found;
}

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
