import { nearest } from '../schema/known-keys';
import { shownValue } from '../schema/shown';
import type { ValueProblem } from '../values/problem';
import { defaultValues } from '../values/defaults';
import { isInOpenMap, nulls, withoutNulls } from '../values/nulls';
import { checkValues } from '../values/parse';
import { madeRoutes } from '../values/made-routes';
import { expandPattern } from '../values/names';
import type { SessionValues } from '../values/schema';
import { diskQuantity } from '../values/sizing';
import { nano } from '../values/quantity';
import { at, merge, mergeKeepingNulls, type Mapping, type Path, type Tree } from '../schema/tree';
import type { SessionDocument } from './documents';
import type { DeliveredCohort } from '../output/flux';
import type { RenderedProject, RenderedSession } from '../output/output';
import type { SessionSecret } from '../secrets/session-secret';
import type { SecretsSettings } from '../secrets/settings';
import { cohortSettings, deliveryOf, resolveSecret, sharedPaths, strayFiles } from './secrets';
import { type Loaded, type LoadedCohort, type LoadedProject } from './load';
import { inOrder, isError, problemAt, type Problem } from './problem';

/** A session with complete values, ready to be rendered. */
export interface ResolvedSession extends RenderedSession {
  readonly secret: SessionSecret;
}

/** What a project comes to: its sessions, and all there is to say of it. With an error among the problems, sessions may be missing. */
export interface ResolvedProject extends RenderedProject {
  readonly cohorts: readonly DeliveredCohort[];
  readonly sessions: readonly ResolvedSession[];
  readonly problems: readonly Problem[];
}

/** A file that sets values, and where in it they are. */
interface Layer {
  readonly source: Loaded<unknown>;
  readonly values: Mapping;
}

const NOTHING: Mapping = {};
const VALUES: Path = ['spec', 'values'];

/** Gives each session its values (defaults < project < lab < cohort < session) and checks them, and what involves several sessions. */
export function resolveProject(loaded: LoadedProject): ResolvedProject {
  const problems: Problem[] = [...loaded.problems];
  const sessions: Placed[] = [];
  const cohorts: DeliveredCohort[] = [];
  const project = layer(loaded.project);
  for (const cohort of loaded.cohorts) {
    const settings = cohortSettings(loaded, cohort, problems);
    if (settings !== undefined)
      cohorts.push({ name: cohort.name, delivery: deliveryOf(loaded, cohort), secrets: settings });
    for (const session of cohort.sessions) {
      const resolved = resolveSession(loaded, project, cohort, session, settings, problems);
      if (resolved !== undefined) sessions.push(resolved);
    }
  }
  problems.push(...duplicateSessions(loaded), ...duplicateRoutes(sessions), ...strayFiles(loaded));
  problems.push(
    ...sharedPaths(
      sessions.map(({ resolved: { cohort, id, secret } }) => ({ file: `sessions/${cohort}/${id}.yaml`, secret })),
    ),
  );
  return {
    cohorts,
    namespaces: loaded.cohorts.map(namespaceOf),
    sessions: sessions.map(({ resolved }) => resolved),
    problems: inOrder(problems),
  };
}

/** Stands for a lab that is not there, so that the session can be looked at all the same. */
const STAND_IN: Mapping = { rootfs: { imageUrl: 'https://example.com' } };

function unknownLab(name: string, { labs }: LoadedProject, session: Loaded<unknown>): Problem {
  const names = labs.map((lab) => lab.name);
  const near = nearest(name, names);
  const hint = near === undefined ? `accepted: one of ${names.join(', ')}` : `did you mean ${near}?`;
  const path = ['spec', 'lab'];
  return problemAt(
    'error',
    'unknown-lab',
    session.path,
    located(session, path),
    path,
    `is ${shownValue(path, name)}, but there is no labs/${name}.yaml; ${hint}`,
  );
}

interface Placed {
  readonly resolved: ResolvedSession;
  readonly layers: readonly Layer[];
}

const layer = (source: Loaded<{ spec: { values?: Mapping | null } }>): Layer => ({
  source,
  values: source.document?.spec.values ?? NOTHING,
});

/** The namespace of a cohort's sessions. */
const namespaceOf = (cohort: LoadedCohort): string => cohort.document?.spec.namespace ?? `lab-${cohort.name}`;

function resolveSession(
  loaded: LoadedProject,
  project: Layer,
  cohort: LoadedCohort,
  session: Loaded<SessionDocument>,
  settings: SecretsSettings | undefined,
  problems: Problem[],
): Placed | undefined {
  const { document, file } = session;
  if (document === undefined || file === undefined) return undefined;
  const { lab: labName, values, ...spec } = document.spec;
  const lab = loaded.labs.find(({ name }) => name === labName);
  if (lab === undefined) problems.push(unknownLab(labName, loaded, session));
  if (
    loaded.project.document === undefined ||
    cohort.document === undefined ||
    (lab !== undefined && lab.document === undefined)
  )
    return undefined;

  const identity: Mapping = {
    session: { id: document.metadata.name, ...pick({ userId: spec.userId, expiresAt: spec.expiresAt }) },
    ...pick({ suspended: spec.suspended }),
  };
  const layers = [
    project,
    lab === undefined ? { source: session, values: STAND_IN } : layer(lab),
    layer(cohort),
    { source: session, values: values ?? NOTHING },
  ];
  const merged = withoutNulls(
    layers.map((each) => each.values).reduce((below, over) => mergeKeepingNulls(below, over), NOTHING),
  );
  const checked = checkValues(merge(merged, identity));
  // What is missing may have been in the part of a file that is not right.
  const isFlawed = layers.some(({ source }) => source.isFlawed === true);
  const toTell = checked.problems.filter(({ code }) => !isFlawed || code !== 'missing');
  problems.push(...toTell.map((problem) => placed(problem, layers, session)));
  problems.push(...nullsWithoutUse(layers));
  if (checked.values === undefined || lab?.document === undefined || settings === undefined) return undefined;
  const namespace = namespaceOf(cohort);
  const secret = resolveSecret(loaded, cohort, session, settings, checked.values, namespace, problems);
  const resolved = {
    id: document.metadata.name,
    cohort: cohort.name,
    namespace,
    values: secret.provider === 'generated' ? checked.values : withSecret(checked.values, secret),
    secret,
  };
  problems.push(...unusualDisk(lab.document.spec.diskSize, resolved.values, lab.name, layers, session));
  return { resolved, layers };
}

/** Values that name the Secret, whoever makes it, so that nothing else does. */
const withSecret = (values: SessionValues, { place }: SessionSecret): SessionValues => ({
  ...values,
  codeServer: { ...values.codeServer, existingSecret: place.name },
});

const pick = (entries: Record<string, Tree | undefined>): Mapping =>
  Object.fromEntries(Object.entries(entries).filter((pair): pair is [string, Tree] => pair[1] !== undefined));

/** Keys of a user's own choice (labels …) that are null although no outer file sets them: most likely a text that lacks its quotes. */
function nullsWithoutUse(layers: readonly Layer[]): Problem[] {
  return layers.flatMap(({ source, values }, index) => {
    const isSetBelow = (path: Path): boolean =>
      layers.slice(0, index).some((outer) => at(outer.values, path) !== undefined);
    return nulls(values)
      .filter((path) => isInOpenMap(path) && !isSetBelow(path) && at(defaultValues(), path) === undefined)
      .map((path) => {
        const full = [...VALUES, ...path];
        const position = source.file?.locate(full) ?? { line: 1, column: 1 };
        return problemAt(
          'error',
          'wrong-type',
          source.path,
          position,
          full,
          'is null, which takes back what an outer file sets, but none does; accepted: text (in quotes, if it is to be the text null)',
        );
      });
  });
}

/** Where a value comes from in a session's file when it is not among its values. */
const IDENTITY: Readonly<Record<string, Path>> = {
  'session.id': ['metadata', 'name'],
  'session.userId': ['spec', 'userId'],
  'session.expiresAt': ['spec', 'expiresAt'],
  suspended: ['spec', 'suspended'],
};

type AnyProblem = Omit<ValueProblem, 'code'> & Pick<Problem, 'code'>;

/** A problem of a session's values at the place in the file that sets the value. */
function placed(
  { severity, code, path, message, key }: AnyProblem,
  layers: readonly Layer[],
  session: Loaded<unknown>,
): Problem {
  const identity = IDENTITY[path.join('.')];
  if (identity !== undefined)
    return problemAt(severity, code, session.path, located(session, identity), identity, message);
  const owner = layers.findLast(({ values }) => at(values, path) !== undefined);
  // What no file sets is the business of the session if it must be mended, otherwise of the whole project.
  const source = owner?.source ?? (severity === 'error' ? session : (layers[0]?.source ?? session));
  const full = [...VALUES, ...path];
  return problemAt(
    severity,
    code,
    source.path,
    source.file?.locate(full, key) ?? { line: 1, column: 1 },
    full,
    message,
  );
}

const located = ({ file }: Loaded<unknown>, path: Path) => file?.locate(path) ?? { line: 1, column: 1 };

function unusualDisk(
  range: { min: string; max: string } | undefined,
  { rootfs: { diskSize } }: SessionValues,
  lab: string,
  layers: readonly Layer[],
  session: Loaded<unknown>,
): Problem[] {
  const bytes = (size: string) => nano(diskQuantity(size));
  if (range === undefined || (bytes(diskSize) >= bytes(range.min) && bytes(diskSize) <= bytes(range.max))) return [];
  const message = `is ${diskSize}; the lab ${lab} is meant for ${range.min} to ${range.max}`;
  return [
    placed({ severity: 'warning', code: 'unusual-size', path: ['rootfs', 'diskSize'], message }, layers, session),
  ];
}

function duplicateSessions(loaded: LoadedProject): Problem[] {
  const first = new Map<string, string>();
  return loaded.cohorts.flatMap((cohort) =>
    cohort.sessions.flatMap((session) => {
      const place = `${namespaceOf(cohort)}/${session.name}`;
      const other = first.get(place);
      if (other === undefined) {
        first.set(place, session.path);
        return [];
      }
      const path = ['metadata', 'name'];
      return [
        problemAt(
          'error',
          'duplicate-session',
          session.path,
          located(session, path),
          path,
          `is ${session.name}, which ${other} is too, in the same namespace ${namespaceOf(cohort)}; accepted: another id or namespace`,
        ),
      ];
    }),
  );
}

/** Sessions that would answer at the same address: the pattern lacks what tells them apart. */
function duplicateRoutes(sessions: readonly Placed[]): Problem[] {
  const byAddress = new Map<string, { place: Placed; path: Path; ids: string[] }>();
  for (const place of sessions) {
    const { id, values } = place.resolved;
    for (const { kind, app, host, path } of madeRoutes(values)) {
      const address = [kind, ...[host, path].map((pattern) => expandPattern(pattern, id, values.session.userId))].join(
        ' ',
      );
      const known = byAddress.get(address);
      if (known === undefined) byAddress.set(address, { place, path: [kind, app, 'host'], ids: [id] });
      else {
        known.ids.push(id);
        known.place = place;
      }
    }
  }
  return Array.from(byAddress).flatMap(([address, { place, path, ids }]) => {
    if (ids.length < 2) return [];
    const [, host = '', prefix = ''] = address.split(' ');
    const named = ids.length > 4 ? `${ids.slice(0, 4).join(', ')} and ${String(ids.length - 4)} more` : ids.join(', ');
    const message = `gives ${host}${prefix} to several routes (sessions ${named}); accepted: a pattern that differs for each, with {id} in the host or the path`;
    const session = place.layers.at(-1)?.source;
    return session === undefined
      ? []
      : [placed({ severity: 'error', code: 'duplicate-route', path, message }, place.layers, session)];
  });
}

/** Whether a project can be rendered. */
export const isValid = ({ problems }: ResolvedProject): boolean => !problems.some(isError);
