import { gunzipSync } from 'node:zlib';
import type { Origin } from '../../src/git/history';
import { contentOf, fluxArtifact, hasContent, type FluxArtifact } from '../../src/registry/artifact';
import type { OutputFile } from '@dozlab/charts';

const FILES = [
  { path: 'chart/lab-session.yaml', content: 'kind: HelmChart\n' },
  { path: 'alice.yaml', content: 'kind: Deployment\n' },
  { path: 'bob.yaml', content: 'name: "ä"\n' },
];

const ORIGIN = {
  created: '2027-01-31T18:00:00Z',
  source: 'https://example.com/labs',
  revision: 'main@sha1:0123456789012345678901234567890123456789',
};

const artifactOf = async (files: readonly OutputFile[], origin: Origin): Promise<FluxArtifact> =>
  fluxArtifact(await contentOf(files), origin);

const json = (blob: { content: Buffer }): Record<string, unknown> =>
  JSON.parse(blob.content.toString('utf8')) as Record<string, unknown>;

/** Files and times of an artifact, in the order of the archive. */
async function unpacked({
  layer,
}: FluxArtifact): Promise<[path: string, content: string, time: number, owner: string][]> {
  const { unpackTar } = await import('modern-tar');
  const entries = await unpackTar(gunzipSync(layer.content), { strict: true });
  return entries.map(({ header: { name, mtime, uid, gid, mode }, data }) => [
    name,
    new TextDecoder().decode(data),
    mtime?.getTime() ?? NaN,
    `${String(uid)}:${String(gid)} ${mode?.toString(8) ?? ''}`,
  ]);
}

test('the same files give the same bytes in any order and at any time', async () => {
  const one = await artifactOf(FILES, ORIGIN);
  jest.useFakeTimers({
    now: Date.parse('2031-05-05T05:05:05Z'),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'],
  });
  const other = await artifactOf([...FILES].reverse(), { ...ORIGIN });
  jest.useRealTimers();
  expect(other).toEqual(one);
  // The digest of the archive, which does not depend on the version of Node.
  expect(json(one.config)['rootfs']).toEqual({
    type: 'layers',
    diff_ids: ['sha256:34773b42d73250bf987d9d10ff0a314cd909fc85014163b9aef335a401d2c12d'],
  });
});

test('the archive has no times and owners, its gzip header no time and system', async () => {
  const artifact = await artifactOf(FILES, ORIGIN);
  expect(await unpacked(artifact)).toEqual([
    ['alice.yaml', 'kind: Deployment\n', 0, '0:0 644'],
    ['bob.yaml', 'name: "ä"\n', 0, '0:0 644'],
    ['chart/lab-session.yaml', 'kind: HelmChart\n', 0, '0:0 644'],
  ]);
  expect(artifact.layer.content.subarray(0, 10).toString('hex')).toBe('1f8b08000000000002ff');
});

test('the manifest has the media types that Flux reads', async () => {
  const { manifest, config, layer } = await artifactOf(FILES, ORIGIN);
  expect(json(manifest)).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.cncf.flux.config.v1+json',
      digest: config.digest,
      size: config.content.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.cncf.flux.content.v1.tar+gzip',
        digest: layer.digest,
        size: layer.content.length,
      },
    ],
    annotations: {
      'org.opencontainers.image.created': ORIGIN.created,
      'org.opencontainers.image.source': ORIGIN.source,
      'org.opencontainers.image.revision': ORIGIN.revision,
    },
  });
  expect(json((await artifactOf(FILES, {})).manifest)).not.toHaveProperty('annotations');
});

test('a manifest of another commit has the same content if the files are the same', async () => {
  const one = await artifactOf(FILES, ORIGIN);
  const later = await artifactOf(FILES, { ...ORIGIN, revision: 'main@sha1:9' });
  const text = later.manifest.content.toString('utf8');
  expect(later.manifest.digest).not.toBe(one.manifest.digest);
  expect(hasContent(text, await contentOf(FILES))).toBe(true);
  for (const files of [FILES.slice(1), FILES.map(({ path, content }) => ({ path: `x${path}`, content })), []])
    expect(hasContent(text, await contentOf(files))).toBe(false);
});

test.each([
  ['not JSON', 'not JSON'],
  ['another kind of manifest', JSON.stringify({ schemaVersion: 2, manifests: [] })],
  ['null', 'null'],
])('a manifest that is %s has other content', async (_, text) => {
  expect(hasContent(text, await contentOf(FILES))).toBe(false);
});
