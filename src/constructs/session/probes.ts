import { k8s } from 'cdk8s-plus-28';

/** The times and counts of a probe, as the values have them. */
export interface ProbeSettings {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

const timing = ({ initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold }: ProbeSettings) => ({
  initialDelaySeconds,
  periodSeconds,
  timeoutSeconds,
  failureThreshold,
});

/** A probe that succeeds when the named port answers a GET request of a path. */
export const httpProbe = (path: string, port: string, settings: ProbeSettings): k8s.Probe => ({
  httpGet: { path, port: k8s.IntOrString.fromString(port) },
  ...timing(settings),
});

/** A probe that succeeds when the named port accepts a connection. */
export const tcpProbe = (port: string, settings: ProbeSettings): k8s.Probe => ({
  tcpSocket: { port: k8s.IntOrString.fromString(port) },
  ...timing(settings),
});
