import { fillPattern, imageReference, labelValue } from './template-functions';
import type { SessionValues } from '../../api/values/schema';
import {
  isSet,
  merge,
  named,
  type OpenMap,
  type Optional,
  optional,
  orElse,
  overlay,
  present,
  type Text,
  type View,
  when,
} from '@dozlab/charts';

/** What the constructs of a session see of its values. */
export type SessionView = View<SessionValues>;

/** `lab-session-<id>`: the workload and the prefix of what belongs to it. */
export const sessionName = (view: Pick<SessionView, 'session'>): string => `lab-session-${view.session.id}`;

/** `lab-service-<id>`. */
export const serviceName = (view: SessionView): string => `lab-service-${view.session.id}`;

/** The Secret with the password of VS Code: the one given, or `lab-session-<id>-secrets`. */
export const secretName = (view: SessionView): string =>
  orElse(view.codeServer.existingSecret, `${sessionName(view)}-secrets`);

/** The labels that select the session's pod. They never change. */
export const selectorLabels = (view: Pick<SessionView, 'session'>): Record<string, string> => ({
  app: 'lab-environment',
  'session-id': view.session.id,
});

const fixedLabels = (view: Pick<SessionView, 'session'>): Record<string, string> => ({
  ...selectorLabels(view),
  'user-id': labelValue(view.session.userId),
  'app.kubernetes.io/name': 'lab-session',
  'app.kubernetes.io/instance': sessionName(view),
  'app.kubernetes.io/part-of': 'dozlab',
});

const MANAGED = { 'app.kubernetes.io/managed-by': 'dozlab' };

/** What the metadata of an object is made of. */
export type MetadataView = Pick<SessionView, 'session' | 'labels' | 'annotations'>;

/** The labels of the session's objects. */
export const objectLabels = (view: Pick<MetadataView, 'session' | 'labels'>): Record<string, string> =>
  merge(view.labels, { ...fixedLabels(view), ...MANAGED });

/** The labels of the pod: nothing that may change while the session runs, as any change replaces the pod. */
export const podLabels = (view: SessionView): Record<string, string> => merge(view.podLabels, fixedLabels(view));

const fixedAnnotations = (view: Pick<SessionView, 'session'>): Record<string, string> => ({
  'dozlab.io/user-id': view.session.userId,
  ...when.entries(isSet(view.session.expiresAt), { 'dozlab.io/expires-at': present(view.session.expiresAt) }),
});

/** The metadata of one of the session's objects. */
export const objectMetadata = (view: MetadataView, name: string) => ({
  name,
  labels: named('labels', objectLabels(view)),
  annotations: named('annotations', merge(view.annotations, fixedAnnotations(view))),
});

/** The metadata of a pod that nothing else makes: it has the labels of the objects and of the pod. */
export const barePodMetadata = (view: SessionView, annotations: Record<string, string>) => ({
  name: sessionName(view),
  labels: merge(overlay(view.labels, view.podLabels), { ...fixedLabels(view), ...MANAGED }),
  annotations: merge(view.annotations, { ...fixedAnnotations(view), ...annotations }),
});

/** The metadata of an object with more annotations than the session's. */
export const routeMetadata = (
  view: SessionView,
  name: string,
  annotations: OpenMap<string>,
  fixed: Record<string, string> = {},
) => ({
  name,
  labels: named('labels', objectLabels(view)),
  annotations: merge(annotations, { ...fixed, ...fixedAnnotations(view) }),
});

interface Image {
  readonly image: Text;
  readonly tag: Text;
  readonly digest: Optional<string>;
}

/** The image of a container and when it is pulled. */
export const containerImage = (view: SessionView, { image, tag, digest }: Image) => ({
  image: imageReference(image, tag, digest),
  imagePullPolicy: optional(view.imagePullPolicy) as string | undefined,
});

/** A pattern with the session's id and user filled in. */
export const forSession = (view: SessionView, pattern: string): string =>
  fillPattern(pattern, view.session.id, view.session.userId);
