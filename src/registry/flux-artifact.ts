import { z } from 'zod';
import type { Origin } from '../git/origin';
import { gzipped, type OutputFile, tarOf } from '@dozlab/charts';
import { blobOf, descriptorOf, digestOf, type Blob } from './blob';

/** Media types of what Flux reads (Flux, RFC-0003, "OCI media type"), and of its manifest. */
const CONTENT = 'application/vnd.cncf.flux.content.v1.tar+gzip';
const CONFIG = 'application/vnd.cncf.flux.config.v1+json';
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Files as they are in an artifact. */
export interface ArtifactContent {
  readonly archive: Buffer;
  /** The digest of the archive before it is compressed: it tells what is in the artifact, whoever has compressed it. */
  readonly config: Blob;
}

/** Files as an artifact that Flux reads: a manifest that names a layer with the files and a config. */
export interface FluxArtifact {
  readonly layer: Blob;
  readonly config: Blob;
  readonly manifest: Blob;
}

/** The same files give the same bytes: the clock has no part in it. */
export async function contentOf(files: readonly OutputFile[]): Promise<ArtifactContent> {
  const archive = await tarOf(files);
  const rootfs = { type: 'layers', diff_ids: [digestOf(archive)] };
  return { archive, config: jsonBlob(CONFIG, { architecture: '', os: '', config: {}, rootfs }) };
}

/** What is pushed. To compress takes far longer than to archive, so that it is only for what is. */
export function fluxArtifact({ archive, config }: ArtifactContent, origin: Origin): FluxArtifact {
  const layer = blobOf(CONTENT, gzipped(archive));
  // Flux shows them as the metadata of the source, and the revision as that of what it has applied.
  const annotations = Object.entries(origin).map(([name, value]) => [
    `org.opencontainers.image.${name}`,
    value as string,
  ]);
  const manifest = jsonBlob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) as object }),
  });
  return { layer, config, manifest };
}

const jsonBlob = (mediaType: string, content: object): Blob => blobOf(mediaType, Buffer.from(JSON.stringify(content)));

/** What is read of a manifest. */
const manifestShape = z.object({
  config: z.object({ mediaType: z.literal(CONFIG), digest: z.string() }),
  layers: z.tuple([z.object({ mediaType: z.literal(CONTENT) })]),
});

/** Whether a manifest that is there holds the same files, whatever commit it is of. */
export function holdsSame(manifest: string, { config }: ArtifactContent): boolean {
  try {
    return manifestShape.parse(JSON.parse(manifest)).config.digest === config.digest;
  } catch {
    // Not one of ours.
    return false;
  }
}
