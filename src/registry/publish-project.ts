import { join } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { DozlabError } from '../core/errors';
import { findCohort } from '../edit/select';
import { uncommittedError } from '../git/commit';
import { originOf } from '../git/history';
import { Repository } from '../git/repository';
import { PROJECT_PATHS } from '../source/commit-source';
import { plural } from '../core/text';
import { disturbances } from '../synth/disturbances';
import { isStale, planOutput } from '../synth/plan';
import type { SynthesizedProject } from '../synth/synthesize';
import { loginsIn } from './credentials';
import { publicationsOf, publishCohort, type Publication, type PublishResult, type PublishSettings } from './publish';

export interface PublishInput {
  readonly project: string;
  readonly synthesized: SynthesizedProject;
  readonly outputs: readonly { readonly folder: string; readonly files: readonly OutputFile[] }[];
}

export interface PublishOptions {
  /** All cohorts if empty. */
  readonly cohorts: readonly string[];
  readonly dryRun: boolean;
}

export interface ProjectResult {
  readonly published: readonly PublishResult[];
  /** `cohort: message`. */
  readonly failures: readonly string[];
  /** After a dry run. */
  readonly refusal: DozlabError | undefined;
}

/** @throws DozlabError with code `invalid-project`, `stale-output`, `stray-file` or `unfit-repository` before any push */
export async function publishProject(input: PublishInput, { cohorts, dryRun }: PublishOptions): Promise<ProjectResult> {
  const { project, synthesized } = input;
  const { artifacts, source } = synthesized.flux;
  if (artifacts === undefined)
    throw new DozlabError(
      'invalid-project',
      'dozlab.yaml names no registry for artifacts. Fix: set spec.flux.artifacts.url, such as oci://registry.example.com/labs',
    );
  const named = new Set(cohorts.map((name) => findCohort(synthesized, name).name));
  const publications = publicationsOf(synthesized, artifacts).filter(
    ({ cohort }) => named.size === 0 || named.has(cohort),
  );
  const repository = repositoryAround(project);
  const refusal = unfitError(input) ?? (repository && uncommitted(repository));
  if (refusal !== undefined && !dryRun) throw refusal;
  const origin =
    repository === undefined || dryRun
      ? {}
      : originOf(repository, source.kind === 'GitRepository' ? source.url : undefined);
  const settings = { insecure: artifacts.insecure, dryRun, origin, loginAt: loginsIn(process.env) };
  return { ...(await publishAll(publications, settings)), refusal };
}

/** Users must review what is published, and Flux must apply what they reviewed. */
function unfitError({ project, synthesized, outputs }: PublishInput): DozlabError | undefined {
  const plans = outputs.map(({ folder, files }) => ({ folder, plan: planOutput(join(project, folder), files) }));
  const stale = plans.filter(({ plan }) => isStale(plan));
  if (stale.length > 0) {
    const folders = stale.map(({ folder }) => `${folder}/`).join(' and ');
    const message = `${folders} ${stale.length > 1 ? 'are' : 'is'} stale; nothing was pushed. Fix: run dozlab synth and commit the result`;
    return new DozlabError('stale-output', message);
  }
  const [first, ...more] = disturbances(project, plans, synthesized.flux).problems;
  if (first === undefined) return undefined;
  const others = more.length === 0 ? '' : `; dozlab synth --check shows ${plural(more.length, 'more file')} like it`;
  return new DozlabError('stray-file', `${first.file} ${first.message}; nothing was pushed${others}`);
}

/** Artifacts name the last commit as their origin. */
const uncommitted = (repository: Repository): DozlabError | undefined =>
  uncommittedError(
    repository,
    PROJECT_PATHS.map((path) => repository.prefix + path),
  );

function repositoryAround(folder: string): Repository | undefined {
  try {
    return Repository.around(folder);
  } catch (error) {
    if (error instanceof DozlabError && error.code === 'missing-repository') return undefined;
    throw error;
  }
}

const AT_ONCE = 8;

/** A failed cohort does not stop the others. */
async function publishAll(
  publications: readonly Publication[],
  settings: PublishSettings,
): Promise<Omit<ProjectResult, 'refusal'>> {
  const published: PublishResult[] = [];
  const failures: string[] = [];
  const queue = publications.values();
  const work = async (): Promise<void> => {
    for (const publication of queue) {
      try {
        published.push(await publishCohort(publication, settings));
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
