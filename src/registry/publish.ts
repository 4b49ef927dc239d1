import { artifactUrl, cohortFolder } from '../manifests/flux';
import type { ArtifactSettings } from '../api/settings/infra';
import type { OutputFile } from '@dozlab/charts';
import { RegistryRepository } from './repository';
import { contentOf, fluxArtifact, holdsSame, MANIFEST } from './flux-artifact';
import type { Logins } from './credentials';
import { placeOf } from './place';
import type { Origin } from '../git/origin';
import type { SynthesizedProject } from '../synth/synthesize';

/** A cohort as Flux is to take it from a registry. */
export interface Publication {
  readonly cohort: string;
  /** Repository of its artifact: `oci://…`. */
  readonly url: string;
  readonly tag: string;
  /** What Flux applies, by paths within the artifact. */
  readonly files: readonly OutputFile[];
}

/** What has become of a publication; `changed` is what is not pushed because nothing is to be. */
export interface Published {
  readonly cohort: string;
  readonly url: string;
  readonly tag: string;
  readonly state: 'pushed' | 'unchanged' | 'changed';
  /** Digest of the artifact's manifest, where it is pushed; by it Flux tells what it has applied. */
  readonly digest?: string;
}

/** The cohorts that there is something to apply of. */
export function publicationsOf(
  { cohorts, files = [] }: Pick<SynthesizedProject, 'cohorts' | 'files'>,
  artifacts: ArtifactSettings,
): Publication[] {
  return cohorts.flatMap((cohort) => {
    const start = `${cohortFolder(cohort)}/`;
    const own = files
      .filter(({ path }) => path.startsWith(start))
      .map(({ path, content }) => ({ path: path.slice(start.length), content }));
    const { name } = cohort;
    const { tag } = artifacts;
    return own.length === 0 ? [] : [{ cohort: name, url: artifactUrl(artifacts, name), tag, files: own }];
  });
}

/** How a cohort is published. */
export interface PublishSettings {
  readonly insecure: boolean;
  readonly dryRun: boolean;
  readonly origin: Origin;
  readonly loginAt: Logins;
}

/**
 * Pushes what Flux applies for a cohort, unless the registry has it. What decides is the content: the commit is told with it, but one that
 * changes nothing of the cohort is not pushed. The manifest comes last, so that Flux gets the old files or the new ones, never a mix.
 * @throws DozlabError with code `failed-registry`
 */
export async function publish({ cohort, url, tag, files }: Publication, options: PublishSettings): Promise<Published> {
  const { insecure, dryRun, origin, loginAt } = options;
  const place = placeOf(url, insecure);
  const repository = new RegistryRepository(place, () => loginAt(place.host));
  const [there, content] = await Promise.all([repository.manifest(tag, MANIFEST), contentOf(files)]);
  const told = { cohort, url, tag };
  if (there !== undefined && holdsSame(there, content)) return { ...told, state: 'unchanged' };
  if (dryRun) return { ...told, state: 'changed' };
  const artifact = fluxArtifact(content, origin);
  await Promise.all([repository.pushBlob(artifact.layer), repository.pushBlob(artifact.config)]);
  await repository.pushManifest(tag, artifact.manifest);
  return { ...told, state: 'pushed', digest: artifact.manifest.digest };
}
