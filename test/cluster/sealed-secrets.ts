import type { Program } from './keeper';
import { HOST, program } from './servers';

/**
 * The controller of Sealed Secrets. Its key, which it makes itself, is in the namespace sealed-secrets.
 * @param port where it gives the certificate
 * @param metrics where it gives its metrics
 */
export const sealedSecretsController = (bin: string, port: number, metrics: number): Program => ({
  ...program(bin, 'sealed-secrets-controller', {
    'listen-addr': `${HOST}:${String(port)}`,
    'listen-metrics-addr': `${HOST}:${String(metrics)}`,
    // Half of the default: such a key is made in far less time.
    'key-size': 2048,
  }),
  env: { POD_NAMESPACE: 'sealed-secrets' },
});
