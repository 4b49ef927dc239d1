import { findCohort } from '../../edit/select';
import { SessionSizes } from '../../resolve/sizes';
import { isError } from '../../core/diagnostics';
import { capacityOf } from '../../capacity/capacity';
import { capacityJson } from '../../capacity/capacity-json';
import { cohortCapacity, cohortPlacement } from '../../capacity/cohort-capacity';
import { costOf, pricesOf } from '../../capacity/cost';
import { placementOf } from '../../capacity/placement';
import { projectState } from '../../capacity/project-state';
import { verdict } from '../../capacity/verdict';
import { capacityLines } from '../capacity-tables';
import { outputOption, projectOption, type Command, type ProjectOptions } from '../command';
import { note, out, problemLines } from '../output';
import { givenNodes, nodeOptions, type NodeOptions } from '../read-nodes';

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
        describe: 'Only this cohort, beside what the others take',
      })
      .options(nodeOptions)
      .options(outputOption)
      .epilogue('Exit code 1 when sessions do not fit.'),
  run({ project, cohort, output, ...given }) {
    const state = projectState(project);
    const nodes = givenNodes(given, state);
    const errors = [...state.resolved.problems, ...(nodes?.problems ?? [])].filter(isError);
    if (errors.length > 0) {
      for (const line of problemLines(errors, process.stderr)) note(line);
      return 1;
    }
    const only = cohort === undefined ? undefined : findCohort(state.loaded, cohort).name;
    const sizes = new SessionSizes();
    const all = capacityOf(state, sizes);
    const placed = nodes === undefined ? undefined : placementOf(state, nodes.pools, sizes);
    const shown = only === undefined ? all : cohortCapacity(all, only);
    const prices = pricesOf(state);
    const parts = {
      capacity: shown,
      placement: placed === undefined || only === undefined ? placed : cohortPlacement(placed, only),
      cost: costOf(shown, prices),
      prices,
      verdict: verdict(all, placed, only),
    };
    if (output === 'json') out(JSON.stringify(capacityJson(parts), undefined, 2));
    else {
      for (const line of capacityLines(parts)) out(line);
      out(
        parts.verdict.fits
          ? 'fits'
          : ['does not fit', ...parts.verdict.reasons.map(({ text }) => `- ${text}`)].join('\n'),
      );
    }
    if (nodes === undefined) note('nodes were not looked at: --nodes FILE or --cluster gives them');
    return parts.verdict.fits ? 0 : 1;
  },
};
