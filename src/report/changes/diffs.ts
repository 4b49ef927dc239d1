import { structuredPatch } from 'diff';
import { toYaml } from '@dozlab/charts/yaml';
import type { Session } from '../../model/session';
import { manifestsIn, objectText, parseManifest, type ManifestText } from './manifest-text';
import { maskChange } from './mask-secrets';
import { normalizeChange, MemoByKey, replaceName, withIdentityOf, withoutEnd } from './normalize';
import { outputPlace, type OutputChange, type PrunedObject } from './output-changes';
import { manifestsOf, manifestsPath, type Snapshot } from './snapshot';

export interface FileDiff {
  readonly paths: readonly string[];
  readonly isNew: boolean;
  /** Undefined: the diff has the whole new file. */
  readonly like?: string;
  readonly objects: readonly ObjectDiff[];
}

export interface ObjectDiff {
  /** `Deployment lab-classroom/lab-session-alice-001`. */
  readonly object: string;
  readonly lines: readonly string[];
}

/**
 * Leaves out removed files, because the report lists their objects, and releases whose manifests are shown.
 * Shows new files only where they differ from others of their kind.
 */
export function fileDiffs(
  before: Snapshot,
  after: Snapshot,
  files: readonly OutputChange[],
  pruned: readonly PrunedObject[],
): FileDiff[] {
  if (files.length === 0) return [];
  const sessions = new Map(Array.from(after.sessions.values(), (session) => [manifestsPath(session), session]));
  const counterparts = new Counterparts(before);
  const isPruned = new Set(pruned.map(objectText));
  const changed = new Set(files.map(({ path }) => path));
  const diffs = new MemoByKey<MutableDiff>();
  const found = new Set<MutableDiff>();
  for (const file of files) {
    const manifests = file.path.replace(RELEASES, 'dist/sessions/');
    const session = sessions.get(manifests);
    const isShownElsewhere = file.path.endsWith('.secret.yaml') || (manifests !== file.path && changed.has(manifests));
    if (file.after === '' || isShownElsewhere) continue;
    const isNew = file.before === '';
    const counterpart = isNew ? counterpartOf(file, session, counterparts) : undefined;
    const [old, young] = [counterpart?.text ?? file.before, file.after].map((text) =>
      isNew && session !== undefined ? withoutEnd(text) : text,
    ) as [string, string];
    if (old === young) continue;
    const key = normalizeChange(old, young, session ?? namesIn(file.path));
    const diff = diffs.of(key, () => ({
      paths: [],
      isNew,
      ...(counterpart === undefined ? {} : { like: counterpart.path }),
      objects: objectDiffs(old, young).filter(({ object }) => !isPruned.has(object)),
    }));
    if (diff.objects.length === 0) continue;
    diff.paths.push(file.path);
    found.add(diff);
  }
  // Files of many sessions first, new sessions last.
  const rank = ({ paths, isNew }: FileDiff): number => (isNew ? 2 : 0) + (sessions.has(paths[0] ?? '') ? 1 : 0);
  return Array.from(found).sort((one, other) => rank(one) - rank(other));
}

type MutableDiff = FileDiff & { readonly paths: string[] };

const RELEASES = /^dist\/releases\//;

const namesIn = (path: string): { readonly id: string; readonly namespace: string } => {
  const { name } = outputPlace(path);
  return { id: `lab-${name}`, namespace: path.startsWith('dist/infra/namespaces/') ? name : `lab-${name}` };
};

interface Counterpart {
  readonly path: string;
  readonly text: string;
}

const counterpartOf = (
  file: OutputChange,
  session: Session | undefined,
  counterparts: Counterparts,
): Counterpart | undefined =>
  session === undefined || file.path.startsWith('dist/releases/')
    ? counterparts.ofFile(file)
    : counterparts.ofSession(session, file.after);

class Counterparts {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly before: Snapshot) {
    for (const session of before.sessions.values())
      for (const key of keysOf(session)) if (!this.sessions.has(key)) this.sessions.set(key, session);
  }

  /** A session of the same lab, in the same cohort if possible. */
  ofSession(session: Session, manifests: string): Counterpart | undefined {
    const [found] = keysOf(session).flatMap((key) => this.sessions.get(key) ?? []);
    if (found === undefined) return undefined;
    const existing = manifestsOf(this.before, found);
    const text = replaceName(replaceName(existing, found.id, session.id), found.namespace, session.namespace);
    return { path: manifestsPath(found), text: withIdentityOf(manifests, text) };
  }

  ofFile({ path }: OutputChange): Counterpart | undefined {
    const { folder, name } = outputPlace(path);
    for (const [other, text] of this.before.output) {
      const place = outputPlace(other);
      if (place.folder === folder) return { path: other, text: renameCohort(text.content, place.name, name) };
    }
    return undefined;
  }
}

const keysOf = ({ cohort, lab }: Session): string[] => [`${cohort}/${lab}`, lab];

/** A cohort may have the name of a word, such as `default`. */
const renameCohort = (text: string, from: string, to: string): string =>
  [`lab-${from}`, ...(from.startsWith('lab-') ? [from] : []), `sessions/${from}`, `releases/${from}`].reduce(
    (all, name) => replaceName(all, name, name.slice(0, -from.length) + to),
    text,
  );

const CONTEXT = 3;

function objectDiffs(before: string, after: string): ObjectDiff[] {
  const [was, is] = [manifestsIn(before), manifestsIn(after)].map(
    (manifests) => new Map(manifests.map((manifest) => [objectText(manifest.object), manifest])),
  ) as [Map<string, ManifestText>, Map<string, ManifestText>];
  return Array.from(new Set([...was.keys(), ...is.keys()])).flatMap((object) => {
    const [old, young] = [was.get(object)?.text, is.get(object)?.text];
    if (old === young) return [];
    const lines = changedLines(old, young);
    return lines.length === 0 ? [] : [{ object, lines }];
  });
}

function changedLines(before: string | undefined, after: string | undefined): string[] {
  const [was, is] = maskChange(manifestOf(before), manifestOf(after)).map((manifest) =>
    manifest === undefined ? '' : toYaml([manifest]),
  ) as [string, string];
  const { hunks } = structuredPatch('', '', was, is, '', '', { context: CONTEXT });
  return hunks.flatMap(({ lines }, index) => [
    ...(index === 0 ? [] : ['@@']),
    ...lines.filter((line) => !line.startsWith('\\')),
  ]);
}

const manifestOf = (text: string | undefined) => (text === undefined ? undefined : parseManifest(text));
