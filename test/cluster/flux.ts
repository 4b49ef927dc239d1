import { program } from './servers';
import { at, urlOf, type Service } from './service';

/** How many ports Flux takes. */
export const FLUX_PORTS = 7;

/** Flux's settings where several share a cluster ("Multi-tenancy lockdown"): whoever names no service account acts as that of the namespace. */
const LOCKED_DOWN = { 'no-cross-namespace-refs': true, 'default-service-account': 'default' };

const SHARD_KEY = 'sharding.fluxcd.io/key';

/**
 * Flux's source-, kustomize- and helm-controller, which act for all namespaces and are locked down.
 * @param folder where the artifacts are kept
 * @param shard key of the objects that they act on; without one they act on those that have none
 */
export function fluxControllers(bin: string, folder: string, ports: readonly number[], shard?: string): Service[] {
  const [storage = 0, ...others] = ports;
  const own: readonly (readonly [name: string, flags: Readonly<Record<string, string | boolean>>])[] = [
    ['source-controller', { 'storage-path': folder, 'storage-addr': at(storage), 'storage-adv-addr': at(storage) }],
    ['kustomize-controller', { ...LOCKED_DOWN, 'no-remote-bases': true }],
    ['helm-controller', LOCKED_DOWN],
  ];
  return own.map(([name, flags], index) => {
    const [health = 0, metrics = 0] = others.slice(index * 2);
    const common = {
      'events-addr': '',
      'enable-leader-election': false,
      'health-addr': at(health),
      'metrics-addr': at(metrics),
      // How soon what waits for another object is tried again.
      'requeue-dependency': '2s',
      'watch-label-selector': shard === undefined ? `!${SHARD_KEY}` : `${SHARD_KEY}=${shard}`,
    };
    const controller = program(bin, name, { ...common, ...flags });
    return {
      program: { ...controller, env: { RUNTIME_NAMESPACE: 'flux-system' } },
      sign: `${urlOf(health)}/readyz`,
      metrics: `${urlOf(metrics)}/metrics`,
    };
  });
}
