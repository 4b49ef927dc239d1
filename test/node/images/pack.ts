import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** How containers of an image start: the fields of an OCI image configuration. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const OCI = 'application/vnd.oci.image';
const PLATFORM = { architecture: 'amd64', os: 'linux' };

/**
 * Packs a folder as an image of one layer, in a file that both containerd and crane read. The same folder gives the same bytes. All files belong to
 * root unless `keepsOwners` is set.
 */
export async function packImage(
  reference: string,
  folder: string,
  file: string,
  config: ImageConfig,
  keepsOwners = false,
): Promise<void> {
  const { layer, digest } = await layerOf(folder, `${file}.layer`, keepsOwners);
  const blobs: { readonly name: string; readonly data: Buffer }[] = [];
  const blob = (mediaType: string, data: Buffer) => {
    const hash = sha256(data);
    blobs.push({ name: `blobs/sha256/${hash}`, data });
    return { mediaType, digest: `sha256:${hash}`, size: data.length };
  };
  const layers = [blob(`${OCI}.layer.v1.tar+gzip`, layer)];
  const described = blob(
    `${OCI}.config.v1+json`,
    json({
      ...PLATFORM,
      created: '1970-01-01T00:00:00Z',
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
      config: { WorkingDir: '/', ...config, Env: [PATH, ...(config.Env ?? [])] },
    }),
  );
  const mediaType = `${OCI}.manifest.v1+json`;
  const manifest = blob(mediaType, json({ schemaVersion: 2, mediaType, config: described, layers }));
  const annotations = { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference };
  const path = ({ digest }: { readonly digest: string }): string => `blobs/${digest.replace(':', '/')}`;
  const files = [
    ...blobs,
    { name: 'oci-layout', data: json({ imageLayoutVersion: '1.0.0' }) },
    {
      name: 'index.json',
      data: json({
        schemaVersion: 2,
        mediaType: `${OCI}.index.v1+json`,
        manifests: [{ ...manifest, platform: PLATFORM, annotations }],
      }),
    },
    // What crane reads.
    {
      name: 'manifest.json',
      data: json([{ Config: path(described), RepoTags: [reference], Layers: layers.map(path) }]),
    },
  ];
  const { packTar } = await import('modern-tar');
  const archive = await packTar(
    files.map(({ name, data }) => ({
      header: { name, size: data.length, type: 'file' as const, mode: 0o644, mtime: new Date(0) },
      body: new Uint8Array(data),
    })),
  );
  writeFileSync(`${file}.part`, archive);
  renameSync(`${file}.part`, file);
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A folder as a compressed tar, and the SHA-256 of the tar. */
async function layerOf(
  folder: string,
  file: string,
  keepsOwners: boolean,
): Promise<{ readonly layer: Buffer; readonly digest: string }> {
  const owners = keepsOwners ? [] : ['--owner=0', '--group=0'];
  const tar = spawn(
    'tar',
    ['--sort=name', '--mtime=@0', ...owners, '--numeric-owner', '--format=gnu', '-C', folder, '-cf', '-', '.'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(tar, 'close');
  const hash = createHash('sha256');
  await pipeline(
    tar.stdout,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createGzip({ level: 1 }),
    createWriteStream(file),
  );
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`tar of ${folder} failed`);
  const layer = readFileSync(file);
  rmSync(file);
  return { layer, digest: hash.digest('hex') };
}
