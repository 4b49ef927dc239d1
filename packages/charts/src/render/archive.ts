import { gzipSync } from 'node:zlib';

/** A path below the output folder, with `/` between its parts, and its content. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
}

/** Packs a chart as the archive that `helm install` reads. */
export const packageChart = async (name: string, files: readonly OutputFile[]): Promise<Buffer> =>
  gzipped(await tarOf(files.map(({ path, content }) => ({ path: `${name}/${path}`, content }))));

/** Packs files without times and owners: the same files give the same bytes. */
export async function tarOf(files: readonly OutputFile[]): Promise<Buffer> {
  // An ES module, which a CommonJS module cannot import statically.
  const { packTar } = await import('modern-tar');
  const ordered = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  const archive = await packTar(
    ordered.map(({ path, content }) => ({
      header: { name: path, size: Buffer.byteLength(content), mode: 0o644, mtime: new Date(0) },
      body: content,
    })),
  );
  return Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
}

/** The gzip header's operating system, and its value for "unknown" (RFC 1952, 2.3.1). */
const SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/** Another version of Node may give other bytes. */
export function gzipped(bytes: Buffer): Buffer {
  const compressed = gzipSync(bytes, { level: 9 });
  compressed[SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  return compressed;
}
