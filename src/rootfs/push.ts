import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import { blobOf, descriptorOf, MANIFEST } from '../registry/artifact';
import type { Logins } from '../registry/credentials';
import { placeOf, RegistryRepository } from '../registry/repository';
import { refuseOtherThanExt4 } from './e2fsprogs';
import { referenceIn } from './reference';
import { withWorkFolder } from './work-folder';

const ARTIFACT = 'application/vnd.dozlab.rootfs.v1';
export const ROOTFS_LAYER = 'application/vnd.dozlab.rootfs.ext4.v1+gzip';

/** OCI Image Specification, "Guidance for an Empty Descriptor". */
const EMPTY = 'application/vnd.oci.empty.v1+json';

export interface PushSettings {
  readonly plainHttp: boolean;
  readonly loginAt: Logins;
}

export interface PushResult {
  /** `host/repository:tag`. */
  readonly reference: string;
  /** Of the manifest. */
  readonly digest: string;
  /** Of the compressed image, a blob that images/init can download. */
  readonly layer: string;
  /** Of the compressed image, in bytes. */
  readonly size: number;
}

interface Compressed {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  /** Of the image itself, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Compresses an image and pushes it as an OCI artifact, in constant memory.
 * @param target `registry.example.com/labs/vm:1`
 * @throws DozlabError with code `invalid-usage`, `invalid-rootfs`, `failed-registry` or `write-failed`
 */
export function pushImage(file: string, target: string, { plainHttp, loginAt }: PushSettings): Promise<PushResult> {
  const { url, tag } = referenceIn(target);
  if (tag.startsWith('sha256:')) throw new DozlabError('invalid-usage', `${target} has a digest; accepted: a tag`);
  refuseOtherThanExt4(file);
  const place = placeOf(url, plainHttp);
  const repository = new RegistryRepository(place, () => loginAt(place.host));
  return withWorkFolder(file, async (folder) => {
    const layer = await compress(file, join(folder, 'layer'));
    const config = blobOf(EMPTY, Buffer.from('{}'));
    const manifest = blobOf(MANIFEST, Buffer.from(JSON.stringify(manifestOf(file, layer, descriptorOf(config)))));
    await repository.pushFile(layer.digest, layer.path);
    await repository.pushBlob(config);
    await repository.pushManifest(tag, manifest);
    return {
      reference: `${url.slice('oci://'.length)}:${tag}`,
      digest: manifest.digest,
      layer: layer.digest,
      size: layer.size,
    };
  });
}

const manifestOf = (file: string, { digest, size, sha256 }: Compressed, config: object): object => ({
  schemaVersion: 2,
  mediaType: MANIFEST,
  artifactType: ARTIFACT,
  config,
  layers: [
    {
      mediaType: ROOTFS_LAYER,
      digest,
      size,
      annotations: {
        'org.opencontainers.image.title': `${basename(file)}.gz`,
        'dozlab.io/size': String(statSync(file).size),
        'dozlab.io/sha256': sha256,
      },
    },
  ],
});

async function compress(file: string, path: string): Promise<Compressed> {
  const [whole, packed] = [createHash('sha256'), createHash('sha256')];
  const total = statSync(file).size;
  await pipeline(
    createReadStream(file),
    hashing(whole, (done) => progress('compressing', done, total)),
    createGzip(),
    hashing(packed),
    createWriteStream(path),
  );
  return { path, digest: `sha256:${packed.digest('hex')}`, size: statSync(path).size, sha256: whole.digest('hex') };
}

const hashing = (hash: Hash, onProgress?: (done: number) => void) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let done = 0;
    for await (const chunk of source) {
      hash.update(chunk);
      onProgress?.((done += chunk.length));
      yield chunk;
    }
  };
