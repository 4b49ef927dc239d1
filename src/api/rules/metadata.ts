import { ingressAnnotations, enabledRoutes } from './routes';
import type { Path } from '@dozlab/charts/schema';
import { error, warning, type Rule } from './rule';

export const RESERVED_LABELS = [
  'app',
  'session-id',
  'user-id',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/managed-by',
] as const;

export const RESERVED_ANNOTATIONS = ['dozlab.io/user-id', 'dozlab.io/expires-at'] as const;

export const namesAreFree: Rule = ({ labels, podLabels, annotations, session: { expiresAt } }) => {
  const reserved: Readonly<Record<string, readonly string[]>> = {
    labels: RESERVED_LABELS,
    podLabels: RESERVED_LABELS.filter((name) => name !== 'app.kubernetes.io/managed-by'),
    annotations: expiresAt === undefined ? ['dozlab.io/user-id'] : RESERVED_ANNOTATIONS,
  };
  return Object.entries({ labels, podLabels, annotations }).flatMap(([map, entries]) =>
    Object.keys(entries)
      .filter((name) => reserved[map]?.includes(name) === true)
      .map((name) => warning([map, name], 'has no effect: the session sets it itself', 'has-no-effect')),
  );
};

/** Kubernetes allows 256 KiB per object; Dozlab needs 4 KiB. */
const ANNOTATIONS_MOST = 262144 - 4096;

const sizeOf = (annotations: Readonly<Record<string, string>>): number =>
  Object.entries(annotations).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );

export const annotationsFit: Rule = (values) => {
  const all: [Path, Record<string, string>][] = [
    [['annotations'], values.annotations],
    ...enabledRoutes(values).map(({ kind, app }): [Path, Record<string, string>] =>
      kind === 'ingress'
        ? [['ingress', app, 'annotations'], ingressAnnotations(values, app)]
        : [['httpRoute', 'annotations'], { ...values.annotations, ...values.httpRoute.annotations }],
    ),
  ];
  const [first] = all.filter(([, annotations]) => sizeOf(annotations) > ANNOTATIONS_MOST);
  if (first === undefined) return [];
  const [path, annotations] = first;
  const message = `come to ${String(sizeOf(annotations))} bytes with those they are added to; accepted: at most ${String(ANNOTATIONS_MOST)}`;
  return [error(path, message, 'wrong-value')];
};

export const secretHasOneSource: Rule = ({ codeServer: { password, existingSecret } }) =>
  password !== undefined && existingSecret !== undefined
    ? [
        warning(
          ['codeServer', 'password'],
          'has no effect: the password comes from the Secret that codeServer.existingSecret names',
          'has-no-effect',
        ),
      ]
    : [];
