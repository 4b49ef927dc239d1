import { ingressAnnotations, enabledRoutes } from './routes';
import { hasSkipMarker, PRUNE_ANNOTATION, SKIP_MARKER } from '../../core/consumers/metadata';
import { leaves, type Mapping, type Path } from '@dozlab/charts/schema';
import { IDENTITY_KEYS } from '../session';
import { valuesSchema } from '../values/schema';
import { and, checkEntries, equals, not, refuse } from '@dozlab/charts';
import { keyMeaning } from '../values/template-functions';
import { type ChartRule, error, warning, type Rule } from './rule';

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

const isDisabledPrune = (key: string, value: string) => and(equals(key, PRUNE_ANNOTATION), equals(value, 'disabled'));

/** Labels and annotations reach all objects of a session, or a route. */
export const keysMeanNothing: ChartRule = ({ labels, podLabels, annotations, ingress, httpRoute }) => {
  const maps = [
    { path: ['labels'], map: labels },
    { path: ['podLabels'], map: podLabels },
    { path: ['annotations'], map: annotations },
    { path: ['ingress', 'annotations'], map: ingress.annotations },
    { path: ['ingress', 'vscode', 'annotations'], map: ingress.vscode.annotations },
    { path: ['ingress', 'terminal', 'annotations'], map: ingress.terminal.annotations },
    { path: ['httpRoute', 'annotations'], map: httpRoute.annotations },
  ];
  return maps.flatMap(({ path, map }) =>
    checkEntries(map, (key, value) => {
      const hasMeaning = not(equals(keyMeaning(key), ''));
      return refuse(
        path[0] === 'annotations' ? and(hasMeaning, not(isDisabledPrune(key, value))) : hasMeaning,
        [...path, key],
        `is not for values: ${keyMeaning(key)}. Fix: remove it`,
        'wrong-value',
      );
    }),
  );
};

/** Moves between cohorts of a namespace need it. */
export const sessionEnds: Rule = ({ annotations }) =>
  annotations[PRUNE_ANNOTATION] === 'disabled'
    ? [
        warning(
          ['annotations', PRUNE_ANNOTATION],
          'is disabled, so Flux does not delete the session when its file goes, and it runs on. Fix: remove it when the session has moved to its new cohort',
          'not-deleted',
        ),
      ]
    : [];

const marked = (path: Path) => error(path, `has the text ${SKIP_MARKER}, by which Argo CD deletes the session. Fix: remove it`, 'wrong-value'); // prettier-ignore

const SHARED_KEYS = Object.keys(valuesSchema.shape).filter((key) => !IDENTITY_KEYS.includes(key));

/** The manifests hold texts of values. */
export const textsMeanNothing: Rule = (values) =>
  SHARED_KEYS.flatMap((key) => {
    const value = (values as unknown as Mapping)[key] ?? null;
    if (!hasSkipMarker(value)) return [];
    return leaves({ [key]: value })
      .filter(([path, leaf]) => hasSkipMarker([...path, leaf]))
      .map(([path]) => marked(path));
  });

/** Of what differs between the sessions of a class, only this is free text. */
export const userMeansNothing: Rule = ({ session: { userId } }) =>
  hasSkipMarker(userId) ? [marked(['session', 'userId'])] : [];

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
