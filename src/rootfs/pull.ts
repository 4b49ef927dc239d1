import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { DozlabError } from '../core/errors';
import type { Logins } from '../registry/credentials';
import { placeOf, RegistryRepository } from '../registry/repository';
import type { Spool } from './archive';
import type { PullLayers } from './build';
import { imageIndex, imageManifest, manifestFor, parseJson } from './oci-image';
import { referenceIn } from './reference';

const ACCEPTED = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** @param plainHttp without TLS */
export const pullerWith =
  (loginAt: Logins, plainHttp: boolean): PullLayers =>
  async (source, architecture, spool) => {
    const { url, tag } = referenceIn(source);
    const place = placeOf(url, plainHttp);
    const repository = new RegistryRepository(place, () => loginAt(place.host), 'pull');
    const { layers } = await manifestOf(repository, tag, architecture, source);
    const paths: string[] = [];
    for (const { digest } of layers) paths.push(await pullBlob(repository, digest, spool));
    return paths;
  };

async function manifestOf(
  repository: RegistryRepository,
  tag: string,
  architecture: string,
  where: string,
): Promise<z.output<typeof imageManifest>> {
  const text = await repository.manifest(tag, ACCEPTED);
  if (text === undefined)
    throw new DozlabError('failed-registry', `${where} does not exist. Fix: look at its name and tag`);
  if (tag.startsWith('sha256:')) verify(createHash('sha256').update(text).digest('hex'), tag);
  const content = parseJson(z.unknown(), text, where);
  const index = imageIndex.safeParse(content);
  if (!index.success) return parseJson(imageManifest, text, where);
  return manifestOf(repository, manifestFor(index.data.manifests, architecture, where).digest, architecture, where);
}

async function pullBlob(repository: RegistryRepository, digest: string, spool: Spool): Promise<string> {
  const path = spool.next();
  const hash = createHash('sha256');
  const body = await repository.blob(digest);
  await pipeline(async function* () {
    for await (const chunk of body) {
      hash.update(chunk);
      yield chunk;
    }
  }, createWriteStream(path));
  verify(hash.digest('hex'), digest);
  return path;
}

function verify(sha256: string, digest: string): void {
  if (`sha256:${sha256}` !== digest)
    throw new DozlabError(
      'failed-registry',
      `the registry sends other content than ${digest}. Fix: run the command again`,
    );
}
