import { structuredPatch } from 'diff';
import { toYaml } from '@dozlab/charts/yaml';
import { compactYaml } from './compact-yaml';
import { manifestsIn, objectText, parseManifest, type ManifestText } from './manifest-text';
import { maskChange } from './mask-secrets';
import { Counterparts } from './counterparts';
import { normalizeChange, MemoByKey, withoutEnd } from './normalize';
import { outputPlace, type OutputChange, type PrunedObject } from './output-changes';
import { manifestsPath, type Snapshot } from './snapshot';

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
  const counterparts = new Counterparts(before, after);
  const isPruned = new Set(pruned.map(objectText));
  const changed = new Set(files.map(({ path }) => path));
  const diffs = new MemoByKey<MutableDiff>();
  const found = new Set<MutableDiff>();
  const alike = new Map<string, readonly string[]>();
  for (const file of files) {
    const manifests = file.path.replace(RELEASES, 'dist/sessions/');
    const session = sessions.get(manifests);
    const isShownElsewhere = file.path.endsWith('.secret.yaml') || (manifests !== file.path && changed.has(manifests));
    if (file.after === '' || isShownElsewhere) continue;
    const isNew = file.before === '';
    const counterpart = isNew ? counterparts.of(file, session) : undefined;
    const [old, young] = [counterpart?.text ?? file.before, file.after].map((text) =>
      isNew && session !== undefined ? withoutEnd(text) : text,
    ) as [string, string];
    if (old === young) {
      const { path = '', isNew: isPart = false } = counterpart ?? {};
      if (isPart) alike.set(path, [...(alike.get(path) ?? []), file.path]);
      continue;
    }
    const key = normalizeChange(old, young, session ?? namesIn(file.path));
    const diff = diffs.of(key, () => ({
      paths: [],
      isNew,
      ...(counterpart === undefined ? {} : { like: counterpart.path ?? 'the defaults' }),
      objects: objectDiffs(old, young).filter(({ object }) => !isPruned.has(object)),
    }));
    if (diff.objects.length === 0) continue;
    diff.paths.push(file.path);
    found.add(diff);
  }
  for (const { paths } of found) paths.push(...paths.flatMap((path) => alike.get(path) ?? []));
  // Files of many sessions first; of new files, sessions first, and those that are alike.
  const rank = ({ paths: [path = ''], isNew, like }: FileDiff): number =>
    isNew ? (sessions.has(path) ? 2 : 4) + (like === undefined ? 0 : 1) : sessions.has(path) ? 1 : 0;
  return Array.from(found).sort((one, other) => rank(one) - rank(other) || other.paths.length - one.paths.length);
}

type MutableDiff = FileDiff & { readonly paths: string[] };

const RELEASES = /^dist\/releases\//;

const namesIn = (path: string): { readonly id: string; readonly namespace: string } => {
  const { name } = outputPlace(path);
  return { id: `lab-${name}`, namespace: path.startsWith('dist/infra/namespaces/') ? name : `lab-${name}` };
};

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
  if (before === undefined) return compactYaml(maskChange(undefined, manifestOf(after))[1]).map((line) => `+${line}`);
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
