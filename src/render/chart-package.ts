import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { OutputFile } from './output-file';

/**
 * A chart as the archive that Helm installs and registries keep: `<name>/<path>` for each file. The same files give the same bytes: the
 * archive holds no time, owner or order of its own.
 */
export async function packageChart(name: string, files: readonly OutputFile[]): Promise<Buffer> {
  const archive = pack();
  const ordered = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const { path, content } of ordered) {
    archive.entry({ name: `${name}/${path}`, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks), { level: 9 });
}
