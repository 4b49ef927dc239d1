import { program } from './servers';
import { at, urlOf, type Service } from './service';

/**
 * The controller of External Secrets for ExternalSecrets, PushSecrets and stores of secrets, with the providers `fake` and `kubernetes` and
 * the generators `Fake` and `Password`.
 * @param health port where it tells that it lives
 * @param metrics port of its metrics
 */
export const externalSecretsController = (bin: string, health: number, metrics: number): Service => ({
  program: program(bin, 'external-secrets-controller', {
    'live-addr': at(health),
    'metrics-addr': at(metrics),
    // Their kinds are not there.
    'enable-cluster-external-secret-reconciler': false,
    'enable-cluster-push-secret-reconciler': false,
  }),
  sign: `${urlOf(health)}/healthz`,
});
