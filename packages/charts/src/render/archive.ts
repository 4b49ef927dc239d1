import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { OutputFile } from './output-file';

/** Files as a tar archive. The same files give the same bytes: there is no time, owner or order of its own in it. */
export async function tarOf(files: readonly OutputFile[]): Promise<Buffer> {
  const archive = pack();
  const ordered = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const { path, content } of ordered)
    archive.entry({ name: path, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Where the header of gzip names the system that it was made on, and that it does not say (RFC 1952, 2.3.1). */
const SYSTEM = 9;
const UNKNOWN_SYSTEM = 255;

/** Bytes compressed, with no time and no system in the header. Another version of Node may compress them otherwise. */
export function gzipped(bytes: Buffer): Buffer {
  const compressed = gzipSync(bytes, { level: 9 });
  compressed[SYSTEM] = UNKNOWN_SYSTEM;
  return compressed;
}
