import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { externalSecretsController } from './external-secrets';
import { FLUX_PORTS, fluxControllers } from './flux';
import { gitServer } from './git-server';
import type { Keeper } from './keeper';
import { Kubectl } from './kubectl';
import { freePorts } from './ports';
import { registry } from './registry';
import { sealedSecretsController } from './sealed-secrets';
import { at, type Service } from './service';
import { answers, until } from './until';

/** What runs beside a control plane of the tests, as far as tests must know where. */
export interface Systems {
  /** The Git server: its URL, and the folder of its bare repositories. */
  readonly git: { readonly url: string; readonly folder: string };

  /** Host and port of an OCI registry without TLS. */
  readonly registry: string;

  /** URL of the certificate that secrets are sealed with. */
  readonly certificate: string;

  /** URLs of metrics, by the name of the program. */
  readonly metrics: Readonly<Record<string, string>>;
}

/** The environment variable by which the tests know the systems. */
const VARIABLE = 'CLUSTER_SYSTEMS';

/** What the environment must have for `systems` to know them. */
export const systemsEnvironment = (known: Systems): NodeJS.ProcessEnv => ({ [VARIABLE]: JSON.stringify(known) });

/** @throws Error when the cluster is not one that the tests have started */
export function systems(): Systems {
  const known = process.env[VARIABLE];
  if (known === undefined)
    throw new Error('Flux, secret controllers, Git server and registry run only beside the own control plane');
  return JSON.parse(known) as Systems;
}

/**
 * Starts a Git server, an OCI registry and the controllers of Flux, Sealed Secrets and External Secrets in the folder of a keeper, which ends
 * them.
 */
export async function startSystems(keeper: Keeper, bin: string, kubeconfig: string): Promise<Systems> {
  const newFolder = (name: string): string => {
    mkdirSync(join(keeper.folder, name));
    return join(keeper.folder, name);
  };
  const [repositories, artifacts, temporary] = [newFolder('git'), newFolder('artifacts'), newFolder('temporary')];
  new Kubectl(bin, kubeconfig).apply(NAMESPACES);
  const [gitPort = 0, registryPort = 0, sealed = 0, sealedMetrics = 0, external = 0, externalMetrics = 0, ...flux] =
    await freePorts(6 + FLUX_PORTS);

  const git = gitServer(repositories, gitPort);
  const sealedSecrets = sealedSecretsController(bin, sealed, sealedMetrics);
  const services: readonly Service[] = [
    git,
    registry(bin, registryPort),
    sealedSecrets,
    externalSecretsController(bin, external, externalMetrics),
    ...fluxControllers(bin, artifacts, flux),
  ];
  for (const { program } of services)
    keeper.start({ ...program, env: { KUBECONFIG: kubeconfig, TMPDIR: temporary, ...program.env } });
  for (const { sign } of services) await until(keeper, () => answers(sign));
  return {
    git: { url: git.sign, folder: repositories },
    registry: at(registryPort),
    certificate: sealedSecrets.sign,
    metrics: Object.fromEntries(
      services.flatMap(({ program, metrics }) => (metrics === undefined ? [] : [[program.name, metrics]])),
    ),
  };
}

/** Where Flux and Sealed Secrets keep what is theirs. */
const NAMESPACES = ['flux-system', 'sealed-secrets'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
}));
