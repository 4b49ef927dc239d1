import { isSet, merge, named, type OpenMap, orElse, overlay, present, type View, when } from '@dozlab/charts';
import type { SessionValues } from '../../api/values/schema';
import { fillPattern, labelValueOf } from '../../api/values/template-functions';

export type SessionView = View<SessionValues>;

export const sessionName = (view: Pick<SessionView, 'session'>): string => `lab-session-${view.session.id}`;

export const serviceName = (view: SessionView): string => `lab-service-${view.session.id}`;

export const secretName = (view: SessionView): string =>
  orElse(view.codeServer.existingSecret, `${sessionName(view)}-secrets`);

/** Selectors of Deployments are immutable. */
export const selectorLabels = (view: Pick<SessionView, 'session'>): Record<string, string> => ({
  app: 'lab-environment',
  'session-id': view.session.id,
});

const fixedLabels = (view: Pick<SessionView, 'session'>): Record<string, string> => ({
  ...selectorLabels(view),
  'user-id': labelValueOf(view.session.userId),
  'app.kubernetes.io/name': 'lab-session',
  'app.kubernetes.io/instance': sessionName(view),
  'app.kubernetes.io/part-of': 'dozlab',
});

const MANAGED = { 'app.kubernetes.io/managed-by': 'dozlab' };

export type MetadataView = Pick<SessionView, 'session' | 'labels' | 'annotations'>;

export const objectLabels = (view: Pick<MetadataView, 'session' | 'labels'>): Record<string, string> =>
  merge(view.labels, { ...fixedLabels(view), ...MANAGED });

/** A changed label replaces the pod, so these never change while a session runs. */
export const podLabels = (view: SessionView): Record<string, string> => merge(view.podLabels, fixedLabels(view));

const fixedAnnotations = (view: Pick<SessionView, 'session'>): Record<string, string> => ({
  'dozlab.io/user-id': view.session.userId,
  ...when.entries(isSet(view.session.expiresAt), { 'dozlab.io/expires-at': present(view.session.expiresAt) }),
});

export const objectMetadata = (view: MetadataView, name: string) => ({
  name,
  labels: named('labels', objectLabels(view)),
  annotations: named('annotations', merge(view.annotations, fixedAnnotations(view))),
});

export const barePodMetadata = (view: SessionView, annotations: Record<string, string>) => ({
  name: sessionName(view),
  labels: merge(overlay(view.labels, view.podLabels), { ...fixedLabels(view), ...MANAGED }),
  annotations: merge(view.annotations, { ...fixedAnnotations(view), ...annotations }),
});

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

export const forSession = (view: SessionView, pattern: string): string =>
  fillPattern(pattern, view.session.id, view.session.userId);
