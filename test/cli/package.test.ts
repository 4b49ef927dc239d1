import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { LabSession } from '../../src';
import { REPOSITORY } from '../support/cli';
import { compile, runCommonJs, runModule } from '../support/consumer';
import { manifest, packedFiles, unpackedPackage } from '../support/package';
import { temporaryFolder } from '../support/project';

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

/** A file with all files that it imports, directly or not. */
function closure(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const imports = read(path).matchAll(/(?:from|import\(?|require\()\s*["'](\.\.?\/[^"']+)["']/g);
  for (const [, name = ''] of imports) closure(join(dirname(path), name), found);
  return found;
}

/** Peers and dependencies. */
const INSTALLED = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

test('the package has the files of its entries, the labs of init, and the licences', () => {
  const entries = [
    ...Object.values(manifest.bin),
    ...Object.values(manifest.exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
      .map((target) => join(target)),
  ];
  const labs = readdirSync(join(REPOSITORY, 'labs')).map((name) => `labs/${name}`);
  const papers = ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES'];
  expect(packedFiles().sort()).toEqual(
    [
      ...new Set([
        ...entries,
        ...entries.filter((path) => path !== 'package.json').flatMap((path) => [...closure(path)]),
        ...labs,
        ...papers,
      ]),
    ].sort(),
  );
});

test('the library loads only its peers, its dependencies and Node', () => {
  const names = [
    ...Array.from(read('build/lib/index.js').matchAll(/\brequire\("([^"]+)"\)/g), ([, name = '']) => name),
    ...Array.from(read('build/lib/index.d.ts').matchAll(/\bfrom '([^']+)'/g), ([, name = '']) => name),
    ...Array.from(read('build/lib/index.d.ts').matchAll(/\bimport\(['"]([^'"]+)['"]\)/g), ([, name = '']) => name),
  ];
  const packages = new Set(names.filter((name) => !isBuiltin(name)));
  expect([...packages].sort()).toEqual(INSTALLED.sort());
});

test('THIRD-PARTY-NOTICES holds the licence of each package with code in a bundle', () => {
  const script = `
    import { bundleLibrary, bundleProgram } from './scripts/build/bundles.mjs';
    const bundles = await Promise.all([bundleProgram(''), bundleLibrary()]);
    console.log(JSON.stringify(bundles.flatMap(({ inputs }) => inputs)));
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  const folders = new Set(
    (JSON.parse(stdout) as string[]).flatMap((module) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? []),
  );
  const notices = read('THIRD-PARTY-NOTICES');
  expect(folders).toContain('node_modules/yargs');
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(read(`${folder}/package.json`)) as Record<string, string>;
    expect(notices).toContain(`\n${name ?? ''} ${version ?? ''} (${license ?? ''})\n`);
    for (const file of readdirSync(join(REPOSITORY, folder)).filter((entry) => /^licen[cs]e/i.test(entry)))
      expect(notices).toContain(read(`${folder}/${file}`).trim());
  }
});

test('the CLI needs nothing beside the package', () => {
  const folder = unpackedPackage();
  const project = temporaryFolder();
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'dozlab'), ...args], {
      cwd: project,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  expect(run('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  expect(run('init')).toMatchObject({ status: 0 });
  expect(run('synth')).toMatchObject({ status: 0 });
  expect(run('synth', '--check')).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('dist/ is fresh') as string,
  });
  expect(run('validate')).toMatchObject({ status: 0 });
});

describe('an app with the library and its peers', () => {
  const app = temporaryFolder();

  beforeAll(() => {
    const modules = join(app, 'node_modules');
    unpackedPackage(join(modules, 'dozlab'));
    for (const name of INSTALLED) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
    }
  });

  const chart = new Chart(new App(), 'labs', { namespace: 'lab-sessions' });
  new LabSession(chart, 'alice', {
    session: { id: 'alice-001', userId: 'alice@example.com' },
    rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
  });
  const OUTPUT = {
    objects: Testing.synth(chart),
    web: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web-shop', labels: { a: 'b' } } }],
  };

  test('runs as an ES module', () => {
    expect(runModule(app)).toEqual(OUTPUT);
  });

  test('runs as CommonJS', () => {
    expect(runCommonJs(app)).toEqual(OUTPUT);
  });

  test.each(['node16', 'bundler'] as const)('compiles with the module resolution %s', (resolution) => {
    expect(compile(app, resolution)).toEqual({ status: 0, stdout: '' });
  });
});
