/** dozlab rootfs build with the real mke2fs, debugfs and e2fsck. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildImage } from '../../src/rootfs/build';
import type { ImageSettings } from '../../src/rootfs/write-image';
import { tarOf, type TarFile } from '../support/tar';

const folder = mkdtempSync(join(tmpdir(), 'rootfs-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let place: string;
beforeEach(() => (place = mkdtempSync(join(folder, 'test-'))));

const SETTINGS: ImageSettings = { size: undefined, label: undefined };

const noRegistry = (): Promise<string[]> => Promise.reject(new Error('no registry'));

async function build(source: string, settings: Partial<ImageSettings> = {}): Promise<string> {
  const image = join(place, 'image.ext4');
  await buildImage(source, image, { ...SETTINGS, ...settings }, noRegistry);
  return image;
}

async function buildTar(files: readonly TarFile[], settings: Partial<ImageSettings> = {}): Promise<string> {
  const path = join(place, 'source.tar');
  writeFileSync(path, await tarOf(files));
  return build(path, settings);
}

/** Unpacks an image by debugfs, which keeps owners, and checks it. */
function unpacked(image: string): string {
  expect(spawnSync('e2fsck', ['-f', '-n', image]).status).toBe(0);
  const target = mkdtempSync(join(place, 'unpacked-'));
  execFileSync('debugfs', ['-R', `rdump / ${target}`, image], { stdio: 'ignore' });
  return target;
}

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('an image of a tar file', () => {
  const FILES: readonly TarFile[] = [
    { name: './', type: 'directory', mode: 0o755 },
    { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\n', mode: 0o644 },
    { name: 'bin/su', content: 'su', mode: 0o4755 },
    { name: 'home/alice/', type: 'directory', mode: 0o700, uid: 1000, gid: 1001, mtime: 1_500_000_000 },
    { name: 'home/alice/secret key', content: 'x', mode: 0o600, uid: 100_000, gid: 70_000 },
    { name: 'tmp/', type: 'directory', mode: 0o1777 },
    { name: 'bin/sh', type: 'symlink', linkname: '/bin/busybox', mode: 0o777 },
    { name: 'long', type: 'symlink', linkname: `/${'x'.repeat(100)}`, mode: 0o777 },
    { name: 'empty', mode: 0o644 },
    { name: 'bin/again', type: 'link', linkname: 'bin/su' },
    { name: `ünder/a "b" \\ \'c\' $x`, content: 'odd', mode: 0o644 },
  ];

  test('has owners, modes, times, links and odd names', async () => {
    const root = unpacked(await buildTar(FILES));
    const image = join(place, 'image.ext4');
    const stat = (path: string): string =>
      spawnSync('debugfs', ['-R', `stat "${path}"`, image], { encoding: 'utf8' }).stdout;
    expect(stat('/bin/su')).toMatch(/Mode: +04755 [^]*User: +0 +Group: +0 /);
    expect(stat('/tmp')).toMatch(/Mode: +01777 /);
    expect(stat('/home/alice')).toMatch(/Mode: +0700 [^]*User: +1000 +Group: +1001 /);
    expect(stat('/home/alice/secret key')).toMatch(/Mode: +0600 [^]*User: +100000 +Group: +70000 /);
    expect(stat('/bin/again')).toMatch(/Mode: +04755 [^]*Links: 2 /);
    expect(readlinkSync(join(root, 'bin/sh'))).toBe('/bin/busybox');
    expect(readlinkSync(join(root, 'long'))).toBe(`/${'x'.repeat(100)}`);
    expect(statSync(join(root, 'home/alice')).mtimeMs).toBe(1_500_000_000_000);
    expect(statSync(join(root, 'etc/passwd')).mtimeMs).toBe(1_600_000_000_000);
    expect(readFileSync(join(root, 'ünder', 'a "b" \\ \'c\' $x'), 'utf8')).toBe('odd');
  });

  test('has large directories, also of hard links', async () => {
    const names = Array.from(
      { length: 400 },
      (_, index) => `a-name-that-fills-the-blocks-of-a-directory-${String(index)}`,
    );
    const root = unpacked(
      await buildTar([
        { name: 'one', content: '1' },
        ...names.map((name): TarFile => ({ name: `links/${name}`, type: 'link', linkname: 'one' })),
        ...names.map((name): TarFile => ({ name: `files/${name}`, content: name })),
      ]),
    );
    expect(readdirSync(join(root, 'links'))).toHaveLength(400);
    expect(readdirSync(join(root, 'files'))).toHaveLength(400);
  });

  test('has a size, a label and the same bytes in every run', async () => {
    const first = digestOf(await buildTar(FILES, { label: 'lab', size: 256 * 1024 ** 2 }));
    const image = await buildTar(
      [...FILES].reverse().sort((one) => (one.type === 'link' ? 1 : -1)),
      { label: 'lab', size: 256 * 1024 ** 2 },
    );
    expect(digestOf(image)).toBe(first);
    expect(statSync(image).size).toBe(256 * 1024 ** 2);
    expect(spawnSync('dumpe2fs', ['-h', image], { encoding: 'utf8' }).stdout).toMatch(/volume name: +lab$/m);
  });

  test('has capabilities of files, and names those that cannot be read', async () => {
    const value = Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('latin1');
    const source = join(place, 'source.tar');
    const pax = (text: string) => ({ 'SCHILY.xattr.security.capability': text });
    writeFileSync(
      source,
      await tarOf([
        { name: 'ping', content: 'x', pax: pax(value) },
        { name: 'other', content: 'x', pax: pax('\uFFFD') },
      ]),
    );
    const image = join(place, 'image.ext4');
    expect((await buildImage(source, image, SETTINGS, noRegistry)).leftOut.capabilities).toEqual(['other']);
    const found = spawnSync('debugfs', ['-R', 'ea_get -x /ping security.capability', image], { encoding: 'utf8' });
    expect(found.stdout).toContain('01 00 00 02 00 20 00 00');
    unpacked(image);
  });

  test.each(['gzip', 'zstd', 'xz'])('may be compressed by %s', async (program) => {
    const path = join(place, 'packed');
    writeFileSync(path, execFileSync(program, ['-c'], { input: await tarOf(FILES) }));
    expect(readFileSync(join(unpacked(await build(path)), 'bin/su'), 'utf8')).toBe('su');
  });

  test('is not made when it is too small, and the old one stays', async () => {
    const image = join(place, 'image.ext4');
    writeFileSync(image, 'old');
    const large = [{ name: 'a', content: Buffer.alloc(20 * 1024 ** 2, 'x') }];
    for (const size of [10, 21])
      await expect(buildTar(large, { size: size * 1024 ** 2 })).rejects.toMatchObject({
        code: 'invalid-rootfs',
        message: expect.stringMatching(/^the files do not fit into \d+ MiB\. Fix: --size \d+M or more/) as string,
      });
    expect(readFileSync(image, 'utf8')).toBe('old');
    expect(readdirSync(place).sort()).toEqual(['image.ext4', 'source.tar']);
  });
});

test('files of the user belong to root in the image of a folder, and hard links stay', async () => {
  const source = join(place, 'source');
  mkdirSync(join(source, 'sub'), { recursive: true });
  writeFileSync(join(source, 'a'), 'content');
  chmodSync(join(source, 'a'), 0o750);
  linkSync(join(source, 'a'), join(source, 'sub/b'));
  symlinkSync('/etc/passwd', join(source, 'link'));
  utimesSync(join(source, 'a'), 1000, 1000);
  execFileSync('mkfifo', [join(source, 'pipe')]);
  const image = join(place, 'image.ext4');
  expect(await buildImage(source, image, SETTINGS, noRegistry)).toMatchObject({ leftOut: { special: 1 } });
  const root = unpacked(image);
  const { mode, uid, mtimeMs } = statSync(join(root, 'a'));
  expect([mode & 0o7777, uid, mtimeMs]).toEqual([0o750, 0, 1_000_000]);
  expect(readFileSync(join(root, 'sub/b'), 'utf8')).toBe('content');
  expect(readlinkSync(join(root, 'link'))).toBe('/etc/passwd');
  await expect(buildImage(source, join(source, 'image'), SETTINGS, noRegistry)).rejects.toMatchObject({
    code: 'invalid-usage',
  });
});

describe('an image of an OCI image', () => {
  const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

  /** Layers, of which the second removes a file of the first. */
  const layers = async (): Promise<Buffer[]> => [
    gzipSync(
      await tarOf([
        { name: 'a', content: 'lower' },
        { name: 'b', content: 'removed' },
      ]),
    ),
    await tarOf([{ name: '.wh.b' }, { name: 'a', content: 'upper', mode: 0o644 }]),
  ];

  /** @param change of the manifest */
  async function writeLayout(target: string, change: (text: string) => string = (text) => text): Promise<void> {
    mkdirSync(join(target, 'blobs/sha256'), { recursive: true });
    const put = (content: Buffer) => {
      writeFileSync(join(target, 'blobs/sha256', sha256(content)), content);
      return { digest: `sha256:${sha256(content)}`, size: content.length };
    };
    const manifest = put(Buffer.from(change(JSON.stringify({ schemaVersion: 2, layers: (await layers()).map(put) }))));
    const platforms = [
      { ...manifest, platform: { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch } },
      { digest: `sha256:${'0'.repeat(64)}`, size: 1, platform: { os: 'linux', architecture: 's390x' } },
      { digest: `sha256:${'1'.repeat(64)}`, size: 1, platform: { os: 'unknown', architecture: 'unknown' } },
    ];
    const index = put(Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: platforms })));
    writeFileSync(join(target, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [index] }));
    writeFileSync(join(target, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  }

  const expectMerged = (image: string): void => {
    const root = unpacked(image);
    expect([readdirSync(root).sort(), readFileSync(join(root, 'a'), 'utf8')]).toEqual([['a', 'lost+found'], 'upper']);
  };

  test('applies the layers of a layout, and of its archive', async () => {
    const layout = join(place, 'layout');
    await writeLayout(layout);
    expectMerged(await build(layout));
    const archive = join(place, 'layout.tar');
    execFileSync('tar', ['-cf', archive, '-C', layout, '.']);
    expectMerged(await build(archive));
  });

  test('applies the layers of docker save', async () => {
    const [lower = Buffer.alloc(0), upper = Buffer.alloc(0)] = await layers();
    const archive = join(place, 'saved.tar');
    writeFileSync(
      archive,
      await tarOf([
        { name: 'one/layer.tar', content: lower },
        { name: 'two/layer.tar', content: upper },
        { name: 'three/layer.tar', type: 'symlink', linkname: '../two/layer.tar' },
        {
          name: 'manifest.json',
          content: JSON.stringify([{ RepoTags: ['a:1'], Layers: ['one/layer.tar', 'three/layer.tar'] }]),
        },
      ]),
    );
    expectMerged(await build(archive));
  });

  test('refuses a damaged blob and a digest that is a path', async () => {
    const layout = join(place, 'layout');
    await writeLayout(layout);
    const [first = Buffer.alloc(0)] = await layers();
    writeFileSync(join(layout, 'blobs/sha256', sha256(first)), 'other');
    await expect(build(layout)).rejects.toMatchObject({
      code: 'invalid-rootfs',
      message: expect.stringContaining('damaged blob') as string,
    });
    rmSync(layout, { recursive: true });
    await writeLayout(layout, (text) => text.replace(/sha256:[0-9a-f]{64}/, 'sha256:../../../../etc/passwd'));
    await expect(build(layout)).rejects.toMatchObject({ code: 'invalid-rootfs' });
  });
});

test('a missing mke2fs is an error that names its package', async () => {
  const { PATH } = process.env;
  const source = join(place, 'source.tar');
  writeFileSync(source, await tarOf([{ name: 'a' }]));
  // The program adds /usr/sbin, where mke2fs is.
  const run = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /usr/sbin && exec "$@"', 'sh', process.execPath, join(__dirname, '../../bin/dozlab'), 'rootfs', 'build', source, join(place, 'out')], { encoding: 'utf8', env: { PATH } }); // prettier-ignore
  expect([run.status, run.stderr]).toEqual([
    1,
    'dozlab: mke2fs is needed to make an ext4 image, and is not on the PATH. Fix: install the package e2fsprogs\n',
  ]);
});
