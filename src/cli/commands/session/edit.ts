import { DozlabError } from '../../../core/errors';
import type { YamlEdit } from '../../../edit/yaml-edit';
import { findSessionFile } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { knownOf, loadProject, type LoadedProject } from '../../../source/load-project';
import { resolveProject } from '../../../resolve/resolve';
import { editedFile, fullName, type SessionFile } from '../../../edit/session-file';
import { parseAssignment, parsedPath } from '../../../edit/set-value';
import { endAt } from '../../../api/duration';
import { changesOf, type FileChange } from '../../../source/changes';
import { plainText } from '../../../report/text/markdown-text';
import { effectText } from '../../../report/text/session-sections';
import { podEffect } from '../../../report/changes/pod-effect';
import { renderedManifests } from '../../../report/changes/snapshot';
import { shownPath } from '../../../core/redact';
import { carryOut } from '../../apply-change';
import {
  changeOptions,
  cohortOption,
  endOptions,
  givenEnd,
  givenLab,
  givenNow,
  givenUser,
  labOption,
  nowOption,
  setOption,
  userOption,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';

interface EditOptions extends ChangeOptions, TimeOptions {
  readonly id: string;
  readonly cohort?: string;
  readonly user?: string;
  readonly lab?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

export const edit: Action<EditOptions> = {
  command: 'edit <id>',
  describe: 'Change what the file of a session says, and nothing else in it',
  builder: (options) =>
    options.positional('id', { type: 'string', demandOption: true, describe: 'Its id, or cohort/id' }).options({
      ...userOption,
      ...labOption,
      until: endOptions.until,
      ...setOption,
      unset: {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'Path of a value that the file is no longer to set; may be given several times',
      },
      ...cohortOption,
      ...nowOption,
      ...changeOptions,
    }),
  run(options) {
    const edits = editsOf(options);
    if (edits.length === 0)
      throw new DozlabError('invalid-usage', 'edit takes --user, --lab, --until, --set or --unset');
    const loaded = loadKnown(options.project);
    const found = findSessionFile(loaded, options.id, options.cohort);
    const change = editedFile(found.session, edits);
    const paths = edits.map(({ path }) => shownPath(path));
    return carryOut(
      {
        summary: `session ${fullName(found)}: ${paths.join(', ')}`,
        files: change === undefined ? [] : [change],
        notes: change === undefined ? [] : effects(options.project, loaded, found, change),
        facts: { cohort: found.cohort.name, id: found.session.name, paths },
      },
      options,
    );
  },
};

/** What becomes of the session's pod, where that is not left as it is. */
function effects(
  project: string,
  loaded: LoadedProject,
  { cohort, session }: SessionFile,
  change: FileChange,
): string[] {
  const [before, after] = [loaded, loadProject(project, changesOf([change]), knownOf(loaded))].map((each) =>
    resolveProject(each).sessions.find(({ id, cohort: of }) => id === session.name && of === cohort.name),
  );
  if (before === undefined || after === undefined) return [];
  const effect = podEffect(renderedManifests(before), renderedManifests(after));
  return effect.kind === 'runs on' && effect.lost.length === 0 ? [] : [plainText(effectText(effect))];
}

function editsOf(options: EditOptions): YamlEdit[] {
  const userId = givenUser(options.user);
  const lab = givenLab(options.lab);
  const expiresAt = endAt(givenEnd({ until: options.until }), givenNow(options));
  return [
    ...Object.entries({ userId, lab, expiresAt }).flatMap(([key, value]) =>
      value === undefined ? [] : [{ path: [key], value }],
    ),
    ...(options.set ?? []).map(parseAssignment).map(({ path, value }) => ({ path: ['values', ...path], value })),
    ...(options.unset ?? []).map((name) => ({ path: ['values', ...parsedPath('--unset', name)], value: undefined })),
  ];
}
