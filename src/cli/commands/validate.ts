import { Diagnostics } from '../../core/diagnostics';
import { namespaceRequirements, requirementProblems } from '../../resolve/checks/requirements';
import { loadProject } from '../../source/load-project';
import { resolveProject } from '../../resolve/resolve';
import { checkChartFolders } from '../../resolve/checks/chart-version';
import { checkSources } from '../../resolve/secret';
import { controlProblems } from '../../synth/disturbances';
import { outputOption, projectOption, type Command, type ProjectOptions } from '../command';
import { plural } from '../../core/text';
import { print, printNote, problemCounts, problemLines } from '../output';

interface ValidateOptions extends ProjectOptions {
  readonly output: 'text' | 'json';
}

/** More prerequisites are only counted. */
const LISTED = 20;

export const validate: Command<ValidateOptions> = {
  builder: {
    ...projectOption,
    ...outputOption,
  },
  run({ project, output }) {
    const loaded = loadProject(project);
    const resolved = resolveProject(loaded);
    const diagnostics = new Diagnostics();
    diagnostics.add(resolved.problems);
    checkSources(loaded, project, new Date(), diagnostics);
    diagnostics.add(controlProblems(project, resolved.flux));
    checkChartFolders(resolved.cohorts, project, diagnostics);
    const { problems } = diagnostics;
    const { sessions } = resolved;
    const needed = [...namespaceRequirements(loaded, resolved), ...requirementProblems(sessions)];
    const code = diagnostics.hasErrors ? 1 : 0;
    if (output === 'json') {
      print(JSON.stringify([...problems, ...needed], null, 2));
      return code;
    }
    for (const line of problemLines([...problems, ...needed.slice(0, LISTED)], process.stdout)) print(line);
    if (needed.length > LISTED) printNote(`and ${String(needed.length - LISTED)} more requirements; -o json lists all`);
    const total = loaded.cohorts.reduce((sum, cohort) => sum + cohort.sessions.length, 0);
    const all = plural(total, 'session');
    const valid = sessions.length < total ? `${String(sessions.length)} of ${all} valid` : all;
    printNote(`${valid}: ${problemCounts(problems)}`);
    return code;
  },
};
