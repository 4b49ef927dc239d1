import { findSessions } from '../../edit/select';
import { loadProject } from '../../source/load-project';
import { resolveProject } from '../../resolve/resolve';
import { liveStatus } from '../../report/session-status';
import { Kubectl } from '../../kube/kubectl';
import { outputOption, projectOption, type Command, type ProjectOptions } from '../command';
import { plural } from '../../core/text';
import { print, printNote, printProblems } from '../output';
import { table } from '../format';

interface StatusOptions extends ProjectOptions {
  readonly session?: string;
  readonly cohort?: string;
  readonly context?: string;
  readonly output?: 'text' | 'json';
}

export const status: Command<StatusOptions> = {
  builder: (options) =>
    options
      .positional('session', { type: 'string', describe: 'Session, or cohort/session; all by default' })
      .option('project', projectOption.project)
      .option('cohort', { type: 'string', requiresArg: true, describe: 'Only sessions of this cohort' })
      .option('context', { type: 'string', requiresArg: true, describe: 'Context of the kubectl configuration' })
      .options(outputOption),
  run({ project, session, cohort, context, output }) {
    const resolved = resolveProject(loadProject(project));
    const { sessions, errors } = findSessions(resolved, { session, cohort });
    if (errors.length > 0) {
      printProblems(errors);
      return 1;
    }
    const found = liveStatus(new Kubectl(context), resolved, sessions);
    if (output === 'json') {
      print(JSON.stringify(found, undefined, 2));
      return 0;
    }
    const rows = found.map(({ cohort: of, session: id, state, message = '' }) => [of, id, state, message]);
    for (const line of table(['COHORT', 'SESSION', 'STATE', 'MESSAGE'], rows)) print(line);
    const running = found.filter(({ state }) => state === 'running').length;
    printNote(`${String(running)} of ${plural(found.length, 'session')} ${running === 1 ? 'runs' : 'run'}`);
    return 0;
  },
};
