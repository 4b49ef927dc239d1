import { k8s } from 'cdk8s-plus-28';
import { optional, type Optional, type Text } from '@dozlab/charts';
import type { SessionView } from './metadata';
import { imageReferenceOf } from './template-functions';

interface Image {
  readonly image: Text;
  readonly tag: Text;
  readonly digest: Optional<string>;
}

/** The image of a container, and when it is pulled. */
export const containerImage = (view: SessionView, { image, tag, digest }: Image) => ({
  image: imageReferenceOf(image, tag, digest),
  imagePullPolicy: optional(view.imagePullPolicy) as string | undefined,
});

/** Times in seconds, and a count. */
interface ProbeSettings {
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

/** A probe that succeeds when the named port answers a GET request. */
export const httpProbe = (path: string, port: string, settings: ProbeSettings): k8s.Probe => ({
  httpGet: { path, port: k8s.IntOrString.fromString(port) },
  ...timing(settings),
});

/** A probe that succeeds when the named port accepts a connection. */
export const tcpProbe = (port: string, settings: ProbeSettings): k8s.Probe => ({
  tcpSocket: { port: k8s.IntOrString.fromString(port) },
  ...timing(settings),
});
