import { program } from './servers';
import { at, urlOf, type Service } from './service';

/**
 * The controller of Sealed Secrets. Its key, which it makes itself, is in the namespace sealed-secrets.
 * @param port where it gives the certificate that secrets are sealed with, which is the sign that it is ready
 * @param metrics port of its metrics
 */
export const sealedSecretsController = (bin: string, port: number, metrics: number): Service => ({
  program: {
    ...program(bin, 'sealed-secrets-controller', {
      'listen-addr': at(port),
      'listen-metrics-addr': at(metrics),
      // Half of the default: such a key is made in far less time.
      'key-size': 2048,
    }),
    env: { POD_NAMESPACE: 'sealed-secrets' },
  },
  sign: `${urlOf(port)}/v1/cert.pem`,
});
