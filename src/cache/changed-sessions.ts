import { compiledTemplates } from '../manifests/compiled-templates';
import { releaseOf } from '../manifests/release-props';
import { sessionFiles } from '../manifests/session-files';
import type { SessionTemplates } from '../manifests/session-templates';
import type { OutputFile } from '@dozlab/charts';
import { madeRoutes } from '../api/values/enabled-routes';
import { expandPattern } from '../api/values/names';
import { loadedSession } from './kept-session';
import type { FoundChanges } from './found-changes';
import { readMade, SURROUNDINGS, type KeptCohort } from './store';
import { layer, type Placed } from '../resolve/value-layers';
import { listedStamp, type Listing } from './fingerprint';
import { loadPart, type Loaded, type LoadedSession } from '../source/load-project';
import { isError } from '../core/diagnostics';
import { ProjectFolder } from '../source/folder-source';
import { resolveSession } from '../resolve/resolve-session';
import type { Session } from '../model/session';
import { sessionProblems } from '../resolve/checks/admission';
import { sizeKey } from '../resolve/size-key';
import { providerOf } from '../secrets/providers';
import { isSame } from './file-stamp';
import type { PlainSurroundings } from '../resolve/context';

/** A session that has changed, with its files, while nothing else has and it changes nothing for others. */
export interface ChangedSession {
  readonly session: LoadedSession;
  readonly resolved: Session;
  readonly files: readonly OutputFile[];
}

/**
 * The sessions of files that have changed, where all there is to say of the project stays what it was; otherwise undefined: then all sessions
 * are to be looked at together.
 */
export function changedSessions(project: string, found: FoundChanges): ChangedSession[] | undefined {
  const { paths, inputs, whole } = found;
  const made = readMade(project, SURROUNDINGS);
  const around =
    made?.digest === whole.made[SURROUNDINGS] ? (made?.kept.made as PlainSurroundings | undefined) : undefined;
  const templates = compiledTemplates();
  const hasSecrets = Array.from(inputs.keys()).some((folder) => /^secrets(\/|$)/.test(folder));
  if (around === undefined || templates === undefined || hasSecrets) return undefined;
  const known = { project, files: new ProjectFolder(project), found, around, templates };
  const sessions: ChangedSession[] = [];
  for (const path of paths) {
    const changed = changedSession(path, known);
    if (changed === undefined) return undefined;
    sessions.push(changed);
  }
  return sessions;
}

/** What a changed session is made with. */
interface Surrounded {
  readonly project: string;
  readonly files: ProjectFolder;
  readonly found: FoundChanges;
  readonly around: PlainSurroundings;
  readonly templates: SessionTemplates;
}

function changedSession(
  path: string,
  { project, files, found, around, templates }: Surrounded,
): ChangedSession | undefined {
  const [, name = '', file = ''] = path.split('/');
  const id = file.replace(/\.yaml$/, '');
  const before = sessionBefore(project, name, id, found.cohorts.get(name)?.kept);
  const loaded = loadPart(files, name, id, before?.document?.spec.lab);
  const [cohort] = loaded.cohorts;
  const [session] = cohort?.sessions ?? [];
  const settings = around.secrets.find(([each]) => each === name)?.[1] ?? undefined;
  const delivered = around.cohorts.find((each) => each.name === name);
  if (
    before === undefined ||
    cohort === undefined ||
    session === undefined ||
    delivered === undefined ||
    loaded.problems.length > 0 ||
    loaded.labs.some(({ document }) => document === undefined) ||
    found.whole.problems.some((problem) => problem.file === path) ||
    ![loaded.project, ...loaded.labs, cohort].every((each) => isAsFound(each, found.inputs))
  )
    return undefined;
  const resolve = (each: LoadedSession) => resolveSession(loaded, layer(loaded.project), cohort, each, settings);
  const [was, is] = [resolve(before), resolve(session)];
  const [old, young] = [was.placed, is.placed];
  if (old === undefined || young === undefined || is.problems.some(isError)) return undefined;
  const said = (all: typeof was): string => JSON.stringify(all.problems);
  const isAlike = said(was) === said(is) && footprint(old, around) === footprint(young, around);
  const { resolved } = young;
  // What passwords conflict with is found among all sessions.
  if (!isAlike || providerOf(resolved.secret.provider).checkTogether !== undefined) return undefined;
  return { session, resolved, files: sessionFiles(templates, releaseOf(delivered, around.flux))(resolved) };
}

/** Whether a file was read as it was found, when it was what it had been. */
function isAsFound({ path, file }: Loaded<unknown>, inputs: Listing): boolean {
  const found = listedStamp(inputs, path);
  return found !== undefined && file?.stamp !== undefined && isSame(found, file.stamp);
}

/** A session as it was kept. */
function sessionBefore(
  project: string,
  cohort: string,
  id: string,
  kept: KeptCohort | undefined,
): LoadedSession | undefined {
  const session = kept?.sessions.find(([name]) => name === id);
  if (kept === undefined || session === undefined) return undefined;
  return loadedSession(project, cohort, session, kept.sources);
}

/** All of a session that matters to other sessions, or to what is said of them together. */
function footprint(placed: Placed, { cohorts, namespaces }: PlainSurroundings): string {
  const { id, namespace, values, secret } = placed.resolved;
  const around = namespaces.find((each) => each.namespace.name === namespace)?.namespace;
  const isManifest = cohorts.some((cohort) => cohort.namespace === namespace && cohort.delivery === 'kustomize');
  const addresses = madeRoutes(values).map(({ kind, app, host, path }) => [
    kind,
    app,
    ...[host, path].map((pattern) => expandPattern(pattern, id, values.session.userId)),
  ]);
  return JSON.stringify([
    [id, namespace, values.suspended, addresses],
    around?.quota === undefined ? undefined : sizeKey(values),
    [secret.provider, secret.place, secret.generation],
    around === undefined ? [] : sessionProblems(around, [placed], isManifest),
  ]);
}
