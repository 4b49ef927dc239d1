import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { applyTar } from '../../src/rootfs/apply-tar';
import { Spool } from '../../src/rootfs/archive';
import { writeCommands } from '../../src/rootfs/debugfs-commands';
import { FileTree, type Directory } from '../../src/rootfs/file-tree';
import { tarOf, type TarFile } from '../support/tar';

const folder = mkdtempSync(join(tmpdir(), 'apply-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function treeOf(...layers: (readonly TarFile[])[]): Promise<FileTree> {
  const tree = new FileTree();
  const spool = new Spool(mkdtempSync(join(folder, 'spool-')));
  for (const layer of layers) {
    const path = spool.next();
    writeFileSync(path, await tarOf(layer));
    await applyTar(tree, path, spool, true);
  }
  return tree;
}

/** Paths with the content of files and the target of links. */
function shown(directory: Directory, path = ''): string[] {
  return Array.from(directory.entries)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, { inode }]) => {
      const inner = `${path}/${name}`;
      if (inode.type === 'directory') return [`${inner}/`, ...shown(inode, inner)];
      if (inode.type === 'symlink') return [`${inner} -> ${inode.target}`];
      return [`${inner} ${inode.source === undefined ? '' : readFileSync(inode.source, 'utf8')}`];
    });
}

const filesOf = async (...layers: (readonly TarFile[])[]): Promise<string[]> => shown((await treeOf(...layers)).root);

describe('layers', () => {
  const below = [
    { name: 'etc/', type: 'directory' },
    { name: 'etc/one', content: '1' },
    { name: 'etc/two', content: '2' },
    { name: 'lib', type: 'symlink', linkname: 'usr/lib' },
    { name: 'usr/lib/a', content: 'a' },
  ] as const;

  test('a file replaces the one below, and a whiteout removes it', async () => {
    expect(await filesOf(below, [{ name: 'etc/one', content: 'new' }, { name: 'etc/.wh.two' }])).toEqual([
      '/etc/',
      '/etc/one new',
      '/lib -> usr/lib',
      '/usr/',
      '/usr/lib/',
      '/usr/lib/a a',
    ]);
  });

  test.each([
    ['before', [{ name: 'etc/.wh..wh..opq' }, { name: 'etc/three', content: '3' }]],
    ['after', [{ name: 'etc/three', content: '3' }, { name: 'etc/.wh..wh..opq' }]],
  ])('an opaque directory keeps the files of its own layer that come %s it', async (_, layer) => {
    expect((await filesOf(below, layer)).filter((path) => path.startsWith('/etc/'))).toEqual(['/etc/', '/etc/three 3']);
  });

  test('a whiteout keeps a file of its own layer', async () => {
    const files = await filesOf(below, [
      { name: 'etc/one', content: 'new' },
      { name: 'etc/.wh.one' },
      { name: '.wh.usr' },
    ]);
    expect(files).toEqual(['/etc/', '/etc/one new', '/etc/two 2', '/lib -> usr/lib']);
  });

  test('a directory replaces a link, and a file a directory with all in it', async () => {
    const files = await filesOf(below, [
      { name: 'lib/', type: 'directory' },
      { name: 'etc', content: 'x' },
    ]);
    expect(files).toEqual(['/etc x', '/lib/', '/usr/', '/usr/lib/', '/usr/lib/a a']);
  });

  test('a file behind a link of a lower layer is where the link leads', async () => {
    expect(await filesOf(below, [{ name: 'lib/b', content: 'b' }])).toContain('/usr/lib/b b');
  });

  test('a changed file leaves its hard links as they were', async () => {
    const linked = [
      { name: 'a', content: 'old' },
      { name: 'b', type: 'link', linkname: '/a' },
    ] as const;
    expect(await filesOf(linked, [{ name: 'a', content: 'new' }])).toEqual(['/a new', '/b old']);
  });
});

describe('a hostile archive', () => {
  test.each([
    ['a name with ..', [{ name: '../evil', content: 'x' }], 'leaves the root by ..'],
    ['a name with .. inside', [{ name: 'a/../../evil', content: 'x' }], 'leaves the root by ..'],
    [
      'a hard link out of the tree',
      [{ name: 'a', type: 'link', linkname: '../../etc/passwd' }],
      'leaves the root by ..',
    ],
    [
      'a hard link to a file of this machine',
      [{ name: 'a', type: 'link', linkname: '/etc/passwd' }],
      'which is no file of the archive',
    ],
    [
      'a hard link to a directory',
      [
        { name: 'd/', type: 'directory' },
        { name: 'a', type: 'link', linkname: 'd' },
      ],
      'which is no file of the archive',
    ],
    ['a name with a line break', [{ name: 'a\nrm /etc', content: 'x' }], 'has a line break'],
    [
      'a file below a file',
      [
        { name: 'a', content: 'x' },
        { name: 'a/b', content: 'x' },
      ],
      'is below the file',
    ],
    [
      'a loop of links',
      [
        { name: 'a', type: 'symlink', linkname: 'b' },
        { name: 'b', type: 'symlink', linkname: 'a' },
        { name: 'a/x', content: 'x' },
      ],
      'behind a loop',
    ],
    ['a sparse file', [{ name: 'a', content: 'map', pax: { 'GNU.sparse.major': '1' } }], 'has a sparse file'],
    ['a whiteout of the root', [{ name: '.wh..' }], 'would remove the root'],
    ['a file as the root', [{ name: '.', content: 'x' }], 'is the root, but no directory'],
  ] as const)('%s is refused', async (_, files, message) => {
    await expect(treeOf(files)).rejects.toMatchObject({
      code: 'invalid-rootfs',
      message: expect.stringContaining(message) as string,
    });
  });

  test('a link to this machine leads into the tree', async () => {
    const outside = join(folder, 'outside');
    writeFileSync(outside, 'old');
    const files = await filesOf([
      { name: 'door', type: 'symlink', linkname: folder },
      { name: 'up', type: 'symlink', linkname: '../../../..' },
      { name: 'door/outside', content: 'evil' },
      { name: 'up/top', content: 'evil' },
    ]);
    expect(files).toEqual(expect.arrayContaining([`${outside} evil`, '/top evil']));
    expect(readFileSync(outside, 'utf8')).toBe('old');
    expect(readdirSync(folder)).not.toContain('top');
  });

  test('devices and pipes are left out', async () => {
    const path = join(folder, 'devices.tar');
    writeFileSync(
      path,
      await tarOf([{ name: 'dev/mem', type: 'character-device' }, { name: 'p', type: 'fifo' }, { name: 'a' }]),
    );
    const tree = new FileTree();
    expect(await applyTar(tree, path, new Spool(folder), true)).toMatchObject({ special: 2 });
    expect(shown(tree.root)).toEqual(['/a ']);
  });

  test('an archive that ends too early is refused', async () => {
    const whole = await tarOf([{ name: 'a', content: Buffer.alloc(100_000, 1) }]);
    for (const content of [whole.subarray(0, 50_000), gzipSync(whole).subarray(0, 100), Buffer.from('no tar')]) {
      const path = join(folder, 'torn.tar');
      writeFileSync(path, content);
      const applied = applyTar(new FileTree(), path, new Spool(mkdtempSync(join(folder, 'spool-'))), false);
      await expect(applied).rejects.toMatchObject({ code: 'invalid-rootfs' });
    }
  });
});

describe('commands of debugfs', () => {
  test('names cannot leave their quotes', async () => {
    const name = 'a" "b; rm c $(x) #';
    const tree = await treeOf([
      { name, content: 'x' },
      { name: 'l', type: 'symlink', linkname: 't" "u' },
    ]);
    const commands = Array.from(writeCommands(tree));
    expect(commands.filter((command) => command.startsWith('write'))).toEqual([
      expect.stringMatching(/^write "[^"]+" "a"" ""b; rm c \$\(x\) #"$/),
    ]);
    expect(commands).toContain('symlink "l" "t"" ""u"');
  });

  test('a link target with a line break is refused', async () => {
    const tree = await treeOf([{ name: 'l', type: 'symlink', linkname: 'a\nrm /etc' }]);
    expect(() => Array.from(writeCommands(tree))).toThrow('has a line break');
  });

  test('do not depend on the order of the archive', async () => {
    const files = [{ name: 'b/', type: 'directory' }, { name: 'b/x' }, { name: 'a' }, { name: 'B' }] as const;
    const [one, other] = [await treeOf(files), await treeOf([...files].reverse())];
    expect(Array.from(writeCommands(one))).toEqual(Array.from(writeCommands(other)));
  });
});
