import { k8s } from 'cdk8s-plus-28';
import { optional, type Optional, orElse, type Text } from '@dozlab/charts';
import { startFailures } from '../../api/values/template-functions';

/** The kubelet holds the other probes until the startup probe has succeeded. Their delays count from the start of the container. */

/** Times in seconds. */
interface ProbeSettings {
  readonly initialDelaySeconds: Optional<number>;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

type Handler = Pick<k8s.Probe, 'httpGet' | 'tcpSocket'>;

export const httpGet = (path: string, port: string): Handler => ({
  httpGet: { path, port: k8s.IntOrString.fromString(port) },
});

export const tcpSocket = (port: string): Handler => ({ tcpSocket: { port: k8s.IntOrString.fromString(port) } });

export const probe = (
  handler: Handler,
  { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold }: ProbeSettings,
): k8s.Probe => ({
  ...handler,
  initialDelaySeconds: optional(initialDelaySeconds),
  periodSeconds,
  timeoutSeconds,
  failureThreshold,
});

interface StartupSettings extends Omit<ProbeSettings, 'failureThreshold'> {
  readonly failureThreshold: Optional<number>;
}

/** @param least time in seconds that the container may take to start */
export const startupProbe = (
  handler: Handler,
  { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold }: StartupSettings,
  liveness: ProbeSettings,
  least: number,
): k8s.Probe =>
  probe(handler, {
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds,
    failureThreshold: orElse(
      failureThreshold,
      startFailures(
        least,
        periodSeconds,
        liveness.periodSeconds,
        liveness.failureThreshold,
        liveness.initialDelaySeconds,
      ),
    ),
  });

interface WebSettings extends ProbeSettings {
  readonly path: Text;
}

interface WebContainer {
  readonly startupProbe: Omit<StartupSettings, 'timeoutSeconds'> & {
    readonly path: Optional<string>;
    readonly timeoutSeconds: Optional<number>;
  };
  readonly livenessProbe: WebSettings;
  readonly readinessProbe: WebSettings;
}

/**
 * @param least time in seconds that the container may take to start
 * @param asked the probe whose question the startup probe asks
 */
export const webProbes = (
  port: string,
  { startupProbe: start, livenessProbe, readinessProbe }: WebContainer,
  least: number,
  asked: WebSettings = livenessProbe,
) => ({
  startupProbe: startupProbe(
    httpGet(orElse(start.path, asked.path), port),
    {
      initialDelaySeconds: start.initialDelaySeconds,
      periodSeconds: start.periodSeconds,
      timeoutSeconds: orElse(start.timeoutSeconds, asked.timeoutSeconds),
      failureThreshold: start.failureThreshold,
    },
    livenessProbe,
    least,
  ),
  livenessProbe: probe(httpGet(livenessProbe.path, port), livenessProbe),
  readinessProbe: probe(httpGet(readinessProbe.path, port), readinessProbe),
});
