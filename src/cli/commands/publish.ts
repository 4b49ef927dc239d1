import { join } from 'node:path';
import { DozlabError } from '../../core/errors';
import { uncommittedError } from '../../git/commit';
import { originOf } from '../../git/history';
import { Repository } from '../../git/repository';
import { findCohort } from '../../edit/select';
import { Memory } from '../../cache/cache';
import { isStale, planOutput } from '../../synth/plan';
import {
  publicationsOf,
  publishCohort,
  type Publication,
  type PublishSettings,
  type PublishResult,
} from '../../registry/publish';
import { READ_FOLDERS } from '../../report/changes/snapshot';
import { loginsIn } from '../../registry/credentials';
import { outputOption, projectOption, type Command, type ProjectOptions } from '../command';
import { firstLines } from '../format';
import { plural } from '../../core/text';
import { print, printNote } from '../output';
import { synthesize, type Output } from '../synthesize';

interface PublishOptions extends ProjectOptions {
  readonly cohorts?: readonly string[];
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

/** How many cohorts are compared and pushed at the same time. */
const AT_ONCE = 8;

export const publish: Command<PublishOptions> = {
  builder: (options) =>
    options
      .positional('cohorts', { type: 'string', array: true, describe: 'Only these cohorts; all when none is named' })
      .options({
        'dry-run': { type: 'boolean', describe: 'Push nothing; tell what would be pushed, and what is in the way' },
        ...outputOption,
        ...projectOption,
      })
      .epilogue(
        'Where the artifacts are is spec.flux.artifacts of dozlab.yaml. A login is that of docker login, or of helm registry login.',
      ),
  async run({ project, cohorts = [], dryRun = false, output }) {
    const memory = new Memory(project);
    const { outputs, synthesized } = synthesize(project, { memory });
    if (outputs === undefined) return 1;
    const { artifacts, source } = synthesized.flux;
    if (artifacts === undefined) throw new DozlabError('invalid-project', NO_PLACE);
    const named = new Set(cohorts.map((name) => findCohort(synthesized, name).name));
    const wanted = publicationsOf(synthesized, artifacts).filter(({ cohort }) => named.size === 0 || named.has(cohort));
    const repository = repositoryAround(project);
    const unfit = staleOutput(project, outputs, memory) ?? (repository && uncommitted(repository));
    if (unfit !== undefined && !dryRun) throw unfit;
    const origin =
      repository === undefined || dryRun
        ? {}
        : originOf(repository, source.kind === 'GitRepository' ? source.url : undefined);
    const options = { insecure: artifacts.insecure, dryRun, origin, loginAt: loginsIn(process.env) };
    const { published, failures } = await publishAll(wanted, options);
    tell(published, output);
    for (const failure of firstLines(failures)) printNote(failure);
    const unchanged = published.filter(({ state }) => state === 'unchanged').length;
    const pushed = plural(published.length - unchanged, 'cohort');
    printNote(`${dryRun ? 'would push' : 'pushed'} ${pushed}, ${String(unchanged)} unchanged`);
    if (unfit !== undefined) printNote(`not yet: ${unfit.message}`);
    if (failures.length === 0) return 0;
    const failed = plural(failures.length, 'cohort');
    printNote(
      dryRun
        ? `${failed} could not be compared with what the registry has`
        : `${failed} failed and stayed as before: run dozlab publish again`,
    );
    return 1;
  },
};

const NO_PLACE =
  'dozlab.yaml does not say where artifacts are to go; accepted: spec.flux.artifacts with a url such as oci://registry.example.com/labs';

/** What is wrong with output that is not as the project gives it: what is published is what people have seen. */
function staleOutput(project: string, outputs: readonly Output[], memory: Memory): DozlabError | undefined {
  const stale = outputs.filter(({ folder, files }) =>
    isStale(planOutput(join(project, folder), files, memory.outputIn(folder))),
  );
  if (stale.length === 0) return undefined;
  const folders = stale.map(({ folder }) => `${folder}/`).join(' and ');
  const message = `${folders} ${stale.length > 1 ? 'are' : 'is'} stale: run dozlab synth and commit the result; nothing was pushed`;
  return new DozlabError('stale-output', message);
}

/** The artifacts name the last commit as their origin, so it must hold what is published. */
const uncommitted = (repository: Repository): DozlabError | undefined =>
  uncommittedError(
    repository,
    READ_FOLDERS.map((path) => repository.prefix + path),
  );

function repositoryAround(folder: string): Repository | undefined {
  try {
    return Repository.around(folder);
  } catch (error) {
    if (error instanceof DozlabError && error.code === 'missing-repository') return undefined;
    throw error;
  }
}

/** Publishes cohorts, some at a time. One that fails holds up no other. */
async function publishAll(
  wanted: readonly Publication[],
  options: PublishSettings,
): Promise<{ published: readonly PublishResult[]; failures: readonly string[] }> {
  const published: PublishResult[] = [];
  const failures: string[] = [];
  const queue = wanted.values();
  const work = async (): Promise<void> => {
    for (const publication of queue) {
      try {
        published.push(await publishCohort(publication, options));
      } catch (error) {
        if (!(error instanceof DozlabError)) throw error;
        failures.push(`${publication.cohort}: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const byCohort = (one: PublishResult, other: PublishResult): number => (one.cohort < other.cohort ? -1 : 1);
  return { published: published.sort(byCohort), failures: failures.sort() };
}

function tell(published: readonly PublishResult[], output: 'text' | 'json'): void {
  if (output === 'json') {
    print(JSON.stringify(published, undefined, 2));
    return;
  }
  const changed = published.filter(({ state }) => state !== 'unchanged');
  for (const { state, cohort, url, tag, digest } of changed)
    print(`${state.padEnd(8)} ${cohort}  ${url}:${tag}${digest === undefined ? '' : `@${digest}`}`);
}
