import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../support/project';
import { isNewEnough, moduleOf, requireGo } from './go';
import { Keeper } from './keeper';
import { TOOLS, binFolder, buildTools, isBuilt } from './tools';

test.each([
  ['go1.26.8', true],
  ['go1.26.10', true],
  ['go1.27.0', true],
  ['go1.27rc1', true],
  ['go2.0.0', true],
  ['devel go1.27-abcdef', true],
  ['go1.26.7', false],
  ['go1.26', false],
  ['go1.9.9', false],
  ['', false],
])('%s is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

test('without Go there is an error', () => {
  expect(() => {
    requireGo({ PATH: temporaryFolder() });
  }).toThrow('need Go 1.26.8 or newer on the PATH');
});

test('the folder of the tools', () => {
  expect(binFolder({ CLUSTER_BIN: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(binFolder({ CLUSTER_BIN: '', XDG_CACHE_HOME: '/b' })).toBe('/b/dozlab-cluster/bin');
  expect(binFolder({})).toBe(join(homedir(), '.cache/dozlab-cluster/bin'));
});

test('a tool is built when it has all its programs and the same go.sum', () => {
  const bin = temporaryFolder();
  const [etcd] = TOOLS;
  if (etcd === undefined) throw new Error('no tools');
  const states = [isBuilt(etcd, bin)];
  writeFileSync(join(bin, 'etcd'), '');
  states.push(isBuilt(etcd, bin));
  cpSync(join(moduleOf('etcd'), 'go.sum'), join(bin, '.etcd.sum'));
  states.push(isBuilt(etcd, bin));
  writeFileSync(join(bin, '.etcd.sum'), 'of other sources');
  states.push(isBuilt(etcd, bin));
  expect(states).toEqual([false, false, true, false]);
});

test('a tool with Go files of our own is built again when they change', () => {
  const bin = temporaryFolder();
  const sealed = TOOLS.find(({ name }) => name === 'sealed-secrets');
  if (sealed === undefined) throw new Error('no Sealed Secrets');
  for (const program of Object.values(sealed.programs)) writeFileSync(join(bin, program), '');
  const [sums, program] = ['go.sum', 'controller/main.go'].map((path) =>
    readFileSync(join(moduleOf('sealed-secrets'), path), 'utf8'),
  );
  const isBuiltFrom = (text: string): boolean => {
    writeFileSync(join(bin, '.sealed-secrets.sum'), text);
    return isBuilt(sealed, bin);
  };
  expect([`${sums}${program}`, `${sums}${program}\n`, `${sums}`].map(isBuiltFrom)).toEqual([true, false, false]);
});

test('a build that fails is an error with what Go said, and leaves nothing', async () => {
  const bin = temporaryFolder();
  const folder = join(temporaryFolder(), 'keeper');
  const keeper = new Keeper(folder, { GOFLAGS: '-no-such-flag' });
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await expect(buildTools(keeper, bin)).rejects.toThrow(/build-etcd ended: exit code \d+\n.*no-such-flag/s);
    expect(readdirSync(bin)).toEqual([]);
  } finally {
    jest.restoreAllMocks();
    await keeper.stop();
  }
});
