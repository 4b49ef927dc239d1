import { endAt } from '../../../api/duration';
import { loadProject } from '../../../source/load-project';
import { editSession } from '../../../edit/change-session';
import { parseAssignment, parsedPath } from '../../../edit/set-value';
import type { YamlEdit } from '../../../edit/yaml-edit';
import { DozlabError } from '../../../core/errors';
import { applyChange } from '../../apply-change';
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

export const sessionEdit: Action<EditOptions> = {
  command: 'edit <id>',
  describe: 'Edit the file of a session',
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the session, or cohort/id' })
      .options({
        ...userOption,
        ...labOption,
        until: endOptions.until,
        ...setOption,
        unset: {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'Remove a value from the file; can be repeated',
        },
        ...cohortOption,
        ...nowOption,
        ...changeOptions,
      }),
  run(options) {
    const edits = editsOf(options);
    return applyChange(editSession(loadProject(options.project), options, edits), options);
  },
};

function editsOf(options: EditOptions): YamlEdit[] {
  const userId = givenUser(options.user);
  const lab = givenLab(options.lab);
  const expiresAt = endAt(givenEnd({ until: options.until }), givenNow(options));
  const edits = [
    ...Object.entries({ userId, lab, expiresAt }).flatMap(([key, value]) =>
      value === undefined ? [] : [{ path: [key], value }],
    ),
    ...(options.set ?? []).map(parseAssignment).map(({ path, value }) => ({ path: ['values', ...path], value })),
    ...(options.unset ?? []).map((name) => ({ path: ['values', ...parsedPath('--unset', name)], value: undefined })),
  ];
  if (edits.length === 0) throw new DozlabError('invalid-usage', 'edit needs --user, --lab, --until, --set or --unset');
  return edits;
}
