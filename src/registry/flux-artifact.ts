import { z } from 'zod';
import type { Origin } from '../git/origin';
import { gzipped, tarOf } from '../render/archive';
import type { OutputFile } from '../render/output-file';
import { blobOf, descriptorOf, digestOf, type Blob } from './blob';

/** Media types of what Flux reads (Flux, RFC-0003, "OCI media type"), and of its manifest. */
const CONTENT = 'application/vnd.cncf.flux.content.v1.tar+gzip';
const CONFIG = 'application/vnd.cncf.flux.config.v1+json';
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Files as an artifact that Flux reads: a manifest that names a layer with the files and a config. */
export interface FluxArtifact {
  readonly layer: Blob;
  /** The digest of the archive before it was compressed: it tells what is in the artifact, whoever has compressed it. */
  readonly config: Blob;
  readonly manifest: Blob;
}

/** The same files of the same commit give the same bytes: the clock has no part in it. */
export async function fluxArtifact(files: readonly OutputFile[], origin: Origin): Promise<FluxArtifact> {
  const archive = await tarOf(files);
  const layer = blobOf(CONTENT, gzipped(archive));
  const config = jsonBlob(CONFIG, {
    architecture: '',
    os: '',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
  });
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
export function holdsSame(manifest: string, { config }: FluxArtifact): boolean {
  try {
    return manifestShape.parse(JSON.parse(manifest)).config.digest === config.digest;
  } catch {
    // Not one of ours.
    return false;
  }
}
