import { join, posix } from 'node:path';
import { parse } from 'yaml';
import { at } from '@dozlab/charts/schema';
import { isBuildFile, SOURCE_IGNORE } from '../../core/consumers/files';
import { excludingPattern, patternsIn } from '../../core/consumers/ignore-patterns';
import { readableText } from '../../core/safe-path';
import type { TreeFile } from '../../git/tree';
import { isGenerated } from '../../manifests/manifest-file';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../../model/project';
import type { Disturbances } from '../../synth/disturbances';
import type { Stray } from '../../synth/strays';
import { manifestsIn, objectText } from './manifest-text';
import type { OutputText, Snapshot } from './snapshot';

/** A file that Dozlab did not generate and that programs read with its output. */
export interface StrayFile extends Pick<Stray, 'path' | 'isControl' | 'isRefused'> {
  readonly change: 'new' | 'changed' | 'removed' | 'unchanged';
  readonly does: string;
  /** Objects that Flux deletes, such as `Namespace lab-a`; namespaces first. */
  readonly deletes: readonly string[];
  /** Objects that programs apply. */
  readonly applies: readonly string[];
}

/** @param before files of the commit, by path */
export function strayFiles(
  project: string,
  { strays, outer }: Disturbances,
  { output }: Pick<Snapshot, 'output'>,
  before: ReadonlyMap<string, Pick<TreeFile, 'content' | 'isLink'>>,
): StrayFile[] {
  const present = strays.map((stray): StrayFile => {
    const text = readableText(join(project, stray.path));
    const old = before.get(stray.path);
    const change = old === undefined ? 'new' : text === undefined || old.content === text ? 'unchanged' : 'changed';
    const { path, does, isControl, isRefused } = stray;
    return {
      ...{ path, does, isControl, isRefused, change },
      deletes: text === undefined ? [] : deletedBy(path, text, output),
      applies: text === undefined || isControl || change === 'unchanged' ? [] : objectsIn([text]),
    };
  });
  const above = outer.map(({ problem: { file, message }, hides }): StrayFile => {
    const does = message.replace(/\. Fix: .*$/s, '');
    const deletes = objectsIn(hides.flatMap((path) => (isApplied(path) ? (output.get(path)?.content ?? []) : [])));
    return { path: file, does, isControl: true, isRefused: true, change: 'unchanged', deletes, applies: [] };
  });
  return [...present, ...above, ...removedFiles(before, output, new Set(strays.map(({ path }) => path)))];
}

/** Flux deletes what only these files applied. */
function removedFiles(
  before: ReadonlyMap<string, Pick<TreeFile, 'content' | 'isLink'>>,
  output: ReadonlyMap<string, OutputText>,
  present: ReadonlySet<string>,
): StrayFile[] {
  return Array.from(before).flatMap(([path, { content, isLink }]): StrayFile[] => {
    if (!isApplied(path) || isLink || isGenerated(content) || output.has(path) || present.has(path)) return [];
    const deletes = objectsIn([content]);
    const does = 'Flux deletes the objects that it applied from it';
    return [{ path, does, isControl: false, isRefused: false, change: 'removed', deletes, applies: [] }];
  });
}

const isApplied = (path: string): boolean => /\.ya?ml$/.test(path) && !isBuildFile(path) && isDelivered(path);

const isDelivered = (path: string): boolean =>
  path.startsWith(`${FLUX_FOLDER}/`) || (path.startsWith(`${OUTPUT_FOLDER}/`) && !path.startsWith(`${OUTPUT_FOLDER}/charts/`)); // prettier-ignore

function deletedBy(path: string, text: string, output: ReadonlyMap<string, OutputText>): string[] {
  const folder = posix.dirname(path);
  const below = Array.from(output).filter(
    ([each]) => each.startsWith(`${folder}/`) && each.endsWith('.yaml') && !isBuildFile(each),
  );
  const isLeftOut = isBuildFile(path) ? unlisted(folder, text) : path.endsWith(`/${SOURCE_IGNORE}`) ? ignored(folder, text) : undefined; // prettier-ignore
  if (isLeftOut === undefined) return [];
  return objectsIn(below.flatMap(([each, file]) => (isLeftOut(each) ? [file.content] : [])));
}

/** kustomize, `resources`, `components` and the older `bases`. */
function unlisted(folder: string, text: string): ((path: string) => boolean) | undefined {
  const content = yamlOf(text);
  if (content === undefined) return undefined; // Flux applies nothing, and deletes nothing
  const listed = ['resources', 'components', 'bases']
    .flatMap((key) => at(content, [key]) ?? [])
    .filter((entry): entry is string => typeof entry === 'string')
    .map((entry) => posix.join(folder, entry));
  return (path) =>
    !listed.some((entry) => path === entry || path.startsWith(entry.endsWith('/') ? entry : `${entry}/`));
}

function ignored(folder: string, text: string): (path: string) => boolean {
  const patterns = patternsIn(text, folder);
  return (path) => excludingPattern(patterns, path) !== undefined;
}

function yamlOf(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function objectsIn(texts: readonly string[]): string[] {
  const all = texts.flatMap((text) => manifestsIn(text).map(({ object }) => objectText(object)));
  const isNamespace = (object: string): boolean => object.startsWith('Namespace ');
  const unique = Array.from(new Set(all));
  return [...unique.filter(isNamespace), ...unique.filter((object) => !isNamespace(object))];
}
