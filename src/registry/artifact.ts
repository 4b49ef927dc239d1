import { createHash } from 'node:crypto';
import { gzipped, type OutputFile, tarOf } from '@dozlab/charts';
import { z } from 'zod';
import type { Origin } from '../git/history';

/** Flux, RFC-0003, "OCI media type". */
const CONTENT = 'application/vnd.cncf.flux.content.v1.tar+gzip';
const CONFIG = 'application/vnd.cncf.flux.config.v1+json';
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** OCI Image Specification, "Content Descriptors". */
export interface RegistryBlob {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: Buffer;
}

const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

export const blobOf = (mediaType: string, content: Buffer): RegistryBlob => ({
  mediaType,
  digest: digestOf(content),
  content,
});

const jsonBlob = (mediaType: string, content: object): RegistryBlob =>
  blobOf(mediaType, Buffer.from(JSON.stringify(content)));

export const descriptorOf = ({ mediaType, digest, content }: RegistryBlob) => ({
  mediaType,
  digest,
  size: content.length,
});

export interface ArtifactContent {
  readonly archive: Buffer;
  /** The digest of the compressed layer depends on the Node version. */
  readonly config: RegistryBlob;
}

export interface FluxArtifact {
  readonly layer: RegistryBlob;
  readonly config: RegistryBlob;
  readonly manifest: RegistryBlob;
}

/** The same files give the same bytes. */
export async function contentOf(files: readonly OutputFile[]): Promise<ArtifactContent> {
  const archive = await tarOf(files);
  const rootfs = { type: 'layers', diff_ids: [digestOf(archive)] };
  return { archive, config: jsonBlob(CONFIG, { architecture: '', os: '', config: {}, rootfs }) };
}

/** Slow: only for content to push. */
export function fluxArtifact({ archive, config }: ArtifactContent, origin: Origin): FluxArtifact {
  const layer = blobOf(CONTENT, gzipped(archive));
  // Flux shows the annotations in the status of the source, and the revision also in that of the Kustomization.
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

const manifestShape = z.object({
  config: z.object({ mediaType: z.literal(CONFIG), digest: z.string() }),
  layers: z.tuple([z.object({ mediaType: z.literal(CONTENT) })]),
});

/** Ignores annotations. */
export function hasContent(manifest: string, { config }: ArtifactContent): boolean {
  try {
    return manifestShape.parse(JSON.parse(manifest)).config.digest === config.digest;
  } catch {
    // Another program pushed it.
    return false;
  }
}
