import type { OutputFile } from '@dozlab/charts';
import type { ArtifactSettings } from '../api/settings/flux';
import type { Origin } from '../git/history';
import { cohortFolder, deliveryOf } from '../manifests/deliveries';
import { artifactUrl } from '../manifests/flux';
import type { SynthesizedProject } from '../synth/synthesize';
import { contentOf, fluxArtifact, hasContent, MANIFEST } from './artifact';
import type { Logins } from './credentials';
import { placeOf, RegistryRepository } from './repository';

export interface Publication {
  readonly cohort: string;
  /** `oci://…`. */
  readonly url: string;
  readonly tag: string;
  readonly files: readonly OutputFile[];
}

export interface PublishResult {
  readonly cohort: string;
  readonly url: string;
  readonly tag: string;
  /** `changed` if a dry run would push. */
  readonly state: 'pushed' | 'unchanged' | 'changed';
  /** Of the manifest, as Flux shows it. */
  readonly digest?: string;
}

export function publicationsOf(
  { cohorts, files = [] }: Pick<SynthesizedProject, 'cohorts' | 'files'>,
  artifacts: ArtifactSettings,
): Publication[] {
  return cohorts
    .filter((cohort) => deliveryOf(cohort).usesFlux)
    .flatMap((cohort) => {
      const start = `${cohortFolder(cohort)}/`;
      const own = files
        .filter(({ path }) => path.startsWith(start))
        .map(({ path, content }) => ({ path: path.slice(start.length), content }));
      const { name } = cohort;
      const { tag } = artifacts;
      return own.length === 0 ? [] : [{ cohort: name, url: artifactUrl(artifacts, name), tag, files: own }];
    });
}

export interface PublishSettings {
  /** Without TLS. */
  readonly insecure: boolean;
  readonly dryRun: boolean;
  readonly origin: Origin;
  readonly loginAt: Logins;
}

/**
 * Pushes the manifest last, so Flux reads the old files or the new ones.
 * @throws DozlabError with code `failed-registry`
 */
export async function publishCohort(
  { cohort, url, tag, files }: Publication,
  settings: PublishSettings,
): Promise<PublishResult> {
  const { insecure, dryRun, origin, loginAt } = settings;
  const place = placeOf(url, insecure);
  const repository = new RegistryRepository(place, () => loginAt(place.host));
  const [present, content] = await Promise.all([repository.manifest(tag, MANIFEST), contentOf(files)]);
  const result = { cohort, url, tag };
  if (present !== undefined && hasContent(present, content)) return { ...result, state: 'unchanged' };
  if (dryRun) return { ...result, state: 'changed' };
  const artifact = fluxArtifact(content, origin);
  await Promise.all([repository.pushBlob(artifact.layer), repository.pushBlob(artifact.config)]);
  await repository.pushManifest(tag, artifact.manifest);
  return { ...result, state: 'pushed', digest: artifact.manifest.digest };
}
