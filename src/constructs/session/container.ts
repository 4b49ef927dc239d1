import { k8s } from 'cdk8s-plus-28';
import { optional, type Optional, type Text } from '@dozlab/charts';
import type { SessionView } from './metadata';
import { imageReferenceOf } from './template-functions';

interface Image {
  readonly image: Text;
  readonly tag: Text;
  readonly digest: Optional<string>;
}

export const containerImage = (view: SessionView, { image, tag, digest }: Image) => ({
  image: imageReferenceOf(image, tag, digest),
  imagePullPolicy: optional(view.imagePullPolicy) as string | undefined,
});

/** Times in seconds. */
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

export const httpProbe = (path: string, port: string, settings: ProbeSettings): k8s.Probe => ({
  httpGet: { path, port: k8s.IntOrString.fromString(port) },
  ...timing(settings),
});

export const tcpProbe = (port: string, settings: ProbeSettings): k8s.Probe => ({
  tcpSocket: { port: k8s.IntOrString.fromString(port) },
  ...timing(settings),
});
