import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../bench/results';
import { START_NAMES, WAY_NAMES } from '../../bench/way';
import { REPOSITORY } from '../support/cli';
import { addFiles, temporaryFolder } from '../support/project';

jest.setTimeout(300_000);

/** The whole bench at three sessions, with tools of ours in place of Helm and kubectl. */
function bench(tools: Readonly<Record<string, string>>, ...args: string[]) {
  const folder = temporaryFolder();
  addFiles(folder, tools);
  for (const name of Object.keys(tools)) chmodSync(join(folder, name), 0o755);
  const out = join(folder, 'out.json');
  const program = join(REPOSITORY, 'build', 'bench', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args, '--rounds', '1', '--out', out], {
    encoding: 'utf8',
    env: { ...process.env, CLUSTER_BIN: folder },
  });
  if (status !== 0) throw new Error(stderr);
  return { stdout, results: JSON.parse(readFileSync(out, 'utf8')) as Results };
}

test('all ways are run to their end, and counted', () => {
  const { stdout, results } = bench(
    {
      helm: '#!/bin/sh\necho v0.0\n',
      kubectl: `#!/bin/sh\necho '{"kustomizeVersion":"v0.1"}'\n`,
    },
    '--sessions',
    '3',
  );
  expect(results.machine).toMatchObject({ helm: 'v0.0', kustomize: 'v0.1' });
  expect(results.measurements.map(({ way }) => way)).toEqual(WAY_NAMES);
  for (const { way, seconds, runs, basis } of results.measurements)
    expect({ way, isTimed: Number(seconds) > 0, runs, basis }).toEqual({
      way,
      isTimed: true,
      runs: 1,
      basis: { kind: 'measured' },
    });
  // Only Linux tells.
  const known = results.starts.filter(({ megabytes }) => Number(megabytes) > 10).map(({ start }) => start);
  expect(known).toEqual(process.platform === 'linux' ? START_NAMES : []);
  expect(stdout).toContain('## 3 sessions');
  expect(stdout).toContain('| `dozlab --help` |');
});
