import { findCohort } from '../../edit/select';
import { isError } from '../../core/diagnostics';
import { capacityJson, capacityReport } from '../../capacity/capacity-report';
import { projectState } from '../../capacity/project-state';
import { capacityLines } from '../capacity-tables';
import { outputOption, projectOption, type Command, type ProjectOptions } from '../command';
import { print, printNote, printProblems } from '../output';
import { givenNodes, nodeOptions, type NodeOptions } from '../node-options';

interface CapacityOptions extends ProjectOptions, NodeOptions {
  readonly cohort?: string;
  readonly output: 'text' | 'json';
}

export const capacity: Command<CapacityOptions> = {
  builder: (options) =>
    options
      .option('project', projectOption.project)
      .option('cohort', {
        type: 'string',
        requiresArg: true,
        describe: 'Only this cohort, beside the requests of the others',
      })
      .options(nodeOptions)
      .options(outputOption)
      .epilogue(
        'A file of nodes is the output of kubectl get nodes -o json, or a list of pools. Exits with 1 if sessions do not fit.',
      ),
  run({ project, cohort, output, ...given }) {
    const state = projectState(project);
    const nodes = givenNodes(given, state);
    const errors = [...state.resolved.problems, ...(nodes?.problems ?? [])].filter(isError);
    if (errors.length > 0) {
      printProblems(errors);
      return 1;
    }
    const only = cohort === undefined ? undefined : findCohort(state.loaded, cohort).name;
    const report = capacityReport(state, nodes?.pools, only);
    if (output === 'json') print(JSON.stringify(capacityJson(report), undefined, 2));
    else for (const line of capacityLines(report)) print(line);
    if (nodes === undefined) printNote('nodes were not checked. Fix: set --nodes FILE or --cluster');
    return report.verdict.fits === false ? 1 : 0;
  },
};
