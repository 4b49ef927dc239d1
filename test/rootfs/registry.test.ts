import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Credentials } from '../../src/registry/credentials';
import { Spool } from '../../src/rootfs/archive';
import { pullerWith } from '../../src/rootfs/pull';
import { pushImage } from '../../src/rootfs/push';
import { TestServers } from '../support/http';
import { TestRegistry } from '../support/registry';

const registry = new TestRegistry();
const servers = new TestServers();
const folder = mkdtempSync(join(tmpdir(), 'rootfs-registry-'));

beforeAll(() => registry.start());
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  registry.reset();
  servers.stop();
});

const LOGIN = { username: 'teacher', password: 'hunter2-hunter2' };
const loginAt = (): Credentials => LOGIN;

const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Only the magic number is that of ext4. */
function image(): Buffer {
  const content = Buffer.concat([randomBytes(200_000), Buffer.alloc(3_000_000)]);
  content.writeUInt16LE(0xef53, 1080);
  return content;
}

function imageFile(content: Buffer): string {
  const path = join(mkdtempSync(join(folder, 'image-')), 'lab.ext4');
  writeFileSync(path, content);
  return path;
}

describe('rootfs push', () => {
  test('makes an artifact of the compressed image, with its size and checksum', async () => {
    registry.login = { scheme: 'bearer', ...LOGIN };
    const content = image();
    const file = imageFile(content);
    const result = await pushImage(file, `${registry.host}/labs/vm:1`, { plainHttp: true, loginAt });
    const manifest = registry.manifest('labs/vm:1');
    expect(result).toEqual({
      reference: `${registry.host}/labs/vm:1`,
      digest: digestOf(registry.manifests.get('labs/vm:1') ?? Buffer.alloc(0)),
      layer: expect.stringMatching(/^sha256:/) as string,
      size: registry.blobs.get(result.layer)?.length,
    });
    expect(gunzipSync(registry.blobs.get(result.layer) ?? '').equals(content)).toBe(true);
    expect(manifest).toMatchObject({
      artifactType: 'application/vnd.dozlab.rootfs.v1',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(Buffer.from('{}')), size: 2 },
      layers: [
        {
          mediaType: 'application/vnd.dozlab.rootfs.ext4.v1+gzip',
          digest: result.layer,
          annotations: {
            'org.opencontainers.image.title': 'lab.ext4.gz',
            'dozlab.io/size': '3200000',
            'dozlab.io/sha256': digestOf(content).slice('sha256:'.length),
          },
        },
      ],
    });
    expect(readdirSync(join(file, '..'))).toEqual(['lab.ext4']);
  });

  test('sends an unchanged image once', async () => {
    const file = imageFile(image());
    const push = () => pushImage(file, `${registry.host}/labs/vm:1`, { plainHttp: true, loginAt });
    await push();
    registry.sent();
    await push();
    expect(registry.sent()).toEqual(['PUT /v2/labs/vm/manifests/1']);
  });

  test('says the length first, because some registries refuse chunks', async () => {
    const lengths: (string | undefined)[] = [];
    const root = await servers.start((response, { method, headers }) => {
      if (method === 'HEAD') return response.writeHead(404).end();
      if (method === 'POST') return response.writeHead(202, { location: '/upload' }).end();
      lengths.push(headers['content-length'] ?? headers['transfer-encoding']);
      return response.writeHead(201).end();
    });
    const { size } = await pushImage(imageFile(image()), `${new URL(root).host}/labs/vm:1`, {
      plainHttp: true,
      loginAt,
    });
    expect(lengths.slice(0, 2)).toEqual([String(size), '2']);
  });

  test.each(['vm:1', 'host/vm', 'host/../vm:1', 'host/VM:1', `host/vm@sha256:${'0'.repeat(64)}`])(
    'refuses the target %s',
    async (target) => {
      const pushed = async () => pushImage(imageFile(image()), target, { plainHttp: true, loginAt });
      await expect(pushed()).rejects.toMatchObject({ code: 'invalid-usage' });
    },
  );

  test('refuses a file that is no image', async () => {
    const pushed = async () => pushImage(imageFile(Buffer.from('text')), 'host/vm:1', { plainHttp: true, loginAt });
    await expect(pushed()).rejects.toMatchObject({ code: 'invalid-rootfs' });
  });

  test('fails when the registry breaks, and leaves nothing', async () => {
    const file = imageFile(image());
    registry.before = (request) => (request.startsWith('PUT') ? 'reset' : undefined);
    const pushed = pushImage(file, `${registry.host}/labs/vm:1`, { plainHttp: true, loginAt });
    await expect(pushed).rejects.toMatchObject({ code: 'failed-registry' });
    expect([readdirSync(join(file, '..')), registry.manifests.size]).toEqual([['lab.ext4'], 0]);
  });
});

describe('layers of an image in a registry', () => {
  const layers = [gzipSync('one'), Buffer.from('two')];

  /** @returns the digest of the manifest */
  function putImage(tag: string): string {
    for (const layer of layers) registry.blobs.set(digestOf(layer), layer);
    const manifest = Buffer.from(JSON.stringify({ layers: layers.map((layer) => ({ digest: digestOf(layer) })) }));
    registry.manifests.set(`labs/vm:${tag}`, manifest);
    registry.manifests.set(`labs/vm:${digestOf(manifest)}`, manifest);
    return digestOf(manifest);
  }

  const pull = async (reference: string, architecture = 'x64'): Promise<Buffer[]> => {
    const spool = new Spool(mkdtempSync(join(folder, 'spool-')));
    const paths = await pullerWith(loginAt, true)(`oci://${registry.host}/${reference}`, architecture, spool);
    return paths.map((path) => readFileSync(path));
  };

  test('come with a login, by tag, by digest and by platform', async () => {
    registry.login = { scheme: 'bearer', ...LOGIN };
    const digest = putImage('1');
    const manifests = [
      { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'linux', architecture: 'arm64' } },
      { digest, platform: { os: 'linux', architecture: 'amd64' } },
    ];
    registry.manifests.set('labs/vm:all', Buffer.from(JSON.stringify({ manifests })));
    for (const reference of ['vm:1', `vm@${digest}`, 'vm:all']) expect(await pull(`labs/${reference}`)).toEqual(layers);
    await expect(pull('labs/vm:all', 's390x')).rejects.toMatchObject({ code: 'invalid-rootfs' });
  });

  test('are refused with other content than their digest', async () => {
    putImage('1');
    registry.blobs.set(digestOf(layers[1] ?? Buffer.alloc(0)), Buffer.from('evil'));
    await expect(pull('labs/vm:1')).rejects.toMatchObject({
      code: 'failed-registry',
      message: expect.stringContaining('sends other content') as string,
    });
    const digest = putImage('1');
    registry.manifests.set(`labs/vm:${digest}`, Buffer.from('{"layers": []}'));
    await expect(pull(`labs/vm@${digest}`)).rejects.toMatchObject({ code: 'failed-registry' });
  });

  test('may be on another host, which gets no login', async () => {
    const [layer = Buffer.alloc(0)] = layers;
    const other = await servers.start((response) => response.writeHead(200).end(layer));
    const root = await servers.start((response, { url, headers }) => {
      if (headers.authorization === undefined)
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      if (url?.includes('/manifests/') === true)
        return response.writeHead(200).end(JSON.stringify({ layers: [{ digest: digestOf(layer) }] }));
      return response.writeHead(307, { location: `${other}/there?signature=x` }).end();
    });
    const spool = new Spool(mkdtempSync(join(folder, 'spool-')));
    const [path = ''] = await pullerWith(loginAt, true)(`oci://${new URL(root).host}/labs/vm:1`, 'x64', spool);
    expect(readFileSync(path).equals(layer)).toBe(true);
    expect(servers.received.filter((request) => request.includes('/there'))).toEqual(['GET /there?signature=x']);
  });

  test('that do not exist are an error', async () => {
    await expect(pull('labs/vm:none')).rejects.toMatchObject({
      code: 'failed-registry',
      message: expect.stringContaining('does not exist') as string,
    });
    putImage('1');
    registry.blobs.clear();
    await expect(pull('labs/vm:1')).rejects.toMatchObject({
      code: 'failed-registry',
      message: expect.stringContaining('(404)') as string,
    });
  });
});
