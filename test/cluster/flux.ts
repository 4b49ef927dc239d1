import { join } from 'node:path';
import type { Program } from './keeper';
import { HOST, program } from './servers';

/** A controller, and the port that tells whether it is ready. */
export interface Controller {
  readonly program: Program;
  readonly health: number;
}

/**
 * Flux's source-, kustomize- and helm-controller, which act for all namespaces.
 * @param folder where the artifacts are kept
 * @param ports seven free ones
 */
export function fluxControllers(bin: string, folder: string, ports: readonly number[]): Controller[] {
  const [storage = 0, ...others] = ports;
  const address = `${HOST}:${String(storage)}`;
  const own: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'source-controller': {
      'storage-path': join(folder, 'artifacts'),
      'storage-addr': address,
      'storage-adv-addr': address,
    },
    'kustomize-controller': {},
    'helm-controller': {},
  };
  return Object.entries(own).map(([name, flags], index) => {
    const [health = 0, metrics = 0] = others.slice(index * 2);
    const common = {
      'events-addr': '',
      'enable-leader-election': false,
      'health-addr': `${HOST}:${String(health)}`,
      'metrics-addr': `${HOST}:${String(metrics)}`,
      // Of what waits for another object.
      'requeue-dependency': '2s',
    };
    const controller = program(bin, name, { ...common, ...flags });
    return { program: { ...controller, env: { RUNTIME_NAMESPACE: 'flux-system' } }, health };
  });
}
