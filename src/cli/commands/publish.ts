import { plural } from '../../core/text';
import type { PublishResult } from '../../registry/publish';
import { publishProject } from '../../registry/publish-project';
import { outputOption, projectOption, type Command, type ProjectOptions } from '../command';
import { firstLines } from '../format';
import { print, printNote } from '../output';
import { synthesize } from '../synth-project';

interface PublishOptions extends ProjectOptions {
  readonly cohorts?: readonly string[];
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

export const publish: Command<PublishOptions> = {
  builder: (options) =>
    options
      .positional('cohorts', { type: 'string', array: true, describe: 'Cohorts to push; all by default' })
      .options({
        'dry-run': { type: 'boolean', describe: 'Push nothing; show what would be pushed or refused' },
        ...outputOption,
        ...projectOption,
      })
      .epilogue(
        'spec.flux.artifacts of dozlab.yaml names the registry. It uses the logins of docker login and helm registry login.',
      ),
  async run({ project, cohorts = [], dryRun = false, output }) {
    const { outputs, synthesized } = synthesize(project);
    if (outputs === undefined) return 1;
    const input = { project, synthesized, outputs };
    const { published, failures, refusal } = await publishProject(input, { cohorts, dryRun });
    printResults(published, output);
    for (const failure of firstLines(failures)) printNote(failure);
    const unchanged = published.filter(({ state }) => state === 'unchanged').length;
    const pushed = plural(published.length - unchanged, 'cohort');
    printNote(`${dryRun ? 'would push' : 'pushed'} ${pushed}, ${String(unchanged)} unchanged`);
    if (refusal !== undefined) printNote(`a real run would refuse: ${refusal.message}`);
    if (failures.length === 0) return 0;
    const failed = plural(failures.length, 'cohort');
    printNote(
      dryRun
        ? `${failed} could not be compared with the registry`
        : `${failed} failed and did not change. Fix: run dozlab publish again`,
    );
    return 1;
  },
};

function printResults(published: readonly PublishResult[], output: 'text' | 'json'): void {
  if (output === 'json') {
    print(JSON.stringify(published, undefined, 2));
    return;
  }
  const changed = published.filter(({ state }) => state !== 'unchanged');
  for (const { state, cohort, url, tag, digest } of changed)
    print(`${state.padEnd(8)} ${cohort}  ${url}:${tag}${digest === undefined ? '' : `@${digest}`}`);
}
