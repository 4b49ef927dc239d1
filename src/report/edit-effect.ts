import type { SessionFile } from '../edit/session-file';
import { resolveProject } from '../resolve/resolve';
import { changesOf, type FileChange } from '../source/changes';
import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { podEffect } from './changes/pod-effect';
import { renderedManifests } from './changes/snapshot';
import { plainText } from './text/markdown-text';
import { effectText } from './text/session-sections';

/** @returns one line, or none if the pod and its data stay */
export function editEffect(
  project: string,
  loaded: Documents,
  { cohort, session }: SessionFile,
  files: readonly FileChange[],
): string[] {
  if (files.length === 0) return [];
  const [before, after] = [loaded, loadProject(project, changesOf(files))].map((each) =>
    resolveProject(each).sessions.find(({ id, cohort: of }) => id === session.name && of === cohort.name),
  );
  if (before === undefined || after === undefined) return [];
  const effect = podEffect(renderedManifests(before), renderedManifests(after));
  return effect.kind === 'runs on' && effect.lost.length === 0 ? [] : [plainText(effectText(effect))];
}
