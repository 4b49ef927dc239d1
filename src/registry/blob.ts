import { createHash } from 'node:crypto';

/** Bytes that a registry keeps by their digest (OCI, "Content Descriptors"). */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: Buffer;
}

export const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

export const blobOf = (mediaType: string, content: Buffer): Blob => ({ mediaType, digest: digestOf(content), content });

/** What a manifest says of a blob. */
export const descriptorOf = ({ mediaType, digest, content }: Blob) => ({ mediaType, digest, size: content.length });
