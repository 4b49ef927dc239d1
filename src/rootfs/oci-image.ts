import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { DozlabError } from '../core/errors';
import { readTar, type Spool } from './archive';

/** Gives the path of a file of an OCI layout or of `docker save`; undefined without it. */
type Files = (name: string) => string | undefined;

const descriptor = z.object({
  mediaType: z.string().optional(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
});

/** OCI Image Specification, "Image Index"; Docker's manifest list is the same. */
export const imageIndex = z.object({ manifests: z.array(descriptor) });

/** OCI Image Specification, "Image Manifest"; Docker's is the same. */
export const imageManifest = z.object({ layers: z.array(descriptor) });

export type Descriptor = z.output<typeof descriptor>;

/** `manifest.json` of `docker save`. */
const savedImages = z.array(z.object({ RepoTags: z.array(z.string()).nullish(), Layers: z.array(z.string()) }));

/**
 * @param architecture as Node names it
 * @throws DozlabError with code `invalid-rootfs`
 */
export function manifestFor(manifests: readonly Descriptor[], architecture: string, where: string): Descriptor {
  const wanted = architecture === 'x64' ? 'amd64' : architecture;
  const [first, ...more] = manifests;
  if (first !== undefined && more.length === 0) return first;
  const found = manifests.filter(({ platform }) => platform?.os === 'linux' && platform.architecture === wanted);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new DozlabError(
    'invalid-rootfs',
    `${where} has ${String(found.length)} images for linux/${wanted}. Fix: export one image alone`,
  );
}

export function parseJson<T>(shape: z.ZodType<T>, text: string, where: string): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw new DozlabError('invalid-rootfs', `${where} is not what an image has there`, { cause: error });
  }
}

export const isOciLayout = (folder: string): boolean => existsSync(join(folder, 'oci-layout'));

/** Layers of an OCI layout in a folder. */
export const layersInFolder = (folder: string, architecture: string): Promise<string[]> =>
  layersOf((name) => (existsSync(join(folder, name)) ? join(folder, name) : undefined), folder, architecture);

/**
 * Layers of an archive of `docker save` or of an OCI layout; undefined for the tar file of a root file system.
 * @throws DozlabError with code `invalid-rootfs` or `missing-tool`
 */
export async function layersInArchive(path: string, architecture: string, spool: Spool): Promise<string[] | undefined> {
  if (!(await isImageArchive(path))) return undefined;
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  for await (const { header, content, skip } of readTar(path)) {
    const name = posix.normalize(header.name);
    if ((header.type ?? 'file') === 'file') files.set(name, await spool.keep(content, header.size));
    else await skip();
    // docker save writes a layer once.
    if (header.type === 'symlink') links.set(name, posix.join(dirname(name), header.linkname ?? ''));
  }
  return layersOf((name) => files.get(links.get(name) ?? name), path, architecture);
}

async function isImageArchive(path: string): Promise<boolean> {
  const names = new Set<string>();
  for await (const { header, skip } of readTar(path)) {
    names.add(posix.normalize(header.name));
    await skip();
  }
  const hasLayers = Array.from(names).some((name) => name.startsWith('blobs/sha256/') || name.endsWith('/layer.tar'));
  return hasLayers && (names.has('manifest.json') || names.has('oci-layout'));
}

async function layersOf(files: Files, where: string, architecture: string): Promise<string[]> {
  const fileOf = (name: string): string => {
    const path = files(name);
    if (path !== undefined) return path;
    throw new DozlabError('invalid-rootfs', `${where} lacks ${name}. Fix: export the image again`);
  };
  const blob = async ({ digest }: Descriptor): Promise<string> => {
    const path = fileOf(`blobs/sha256/${digest.slice('sha256:'.length)}`);
    await verify(path, digest, where);
    return path;
  };
  if (files('index.json') === undefined) {
    const [image, ...more] = parseJson(savedImages, readFileSync(fileOf('manifest.json'), 'utf8'), where);
    if (image === undefined || more.length > 0)
      throw new DozlabError(
        'invalid-rootfs',
        `${where} has ${String(more.length + (image ? 1 : 0))} images. Fix: save one`,
      );
    return image.Layers.map((name) => fileOf(posix.normalize(name)));
  }
  const read = (path: string): unknown => parseJson(z.unknown(), readFileSync(path, 'utf8'), where);
  let content = read(fileOf('index.json'));
  // An index may have an index in it, which has images for several architectures.
  for (let depth = 0; depth < 3; depth += 1) {
    const index = imageIndex.safeParse(content);
    if (!index.success) break;
    content = read(await blob(manifestFor(index.data.manifests, architecture, where)));
  }
  const { layers } = parseJson(imageManifest, JSON.stringify(content), where);
  return Promise.all(layers.map(blob));
}

/** @throws DozlabError with code `invalid-rootfs` */
async function verify(path: string, digest: string, where: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (`sha256:${hash.digest('hex')}` !== digest)
    throw new DozlabError('invalid-rootfs', `${where} has a damaged blob ${digest}. Fix: export the image again`);
}
