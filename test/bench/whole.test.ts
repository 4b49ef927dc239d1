import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../bench/results';
import { START_NAMES, WAY_NAMES } from '../../bench/way';
import { REPOSITORY } from '../support/cli';
import { projectWith } from '../support/project';

jest.setTimeout(300_000);

/** A tool that keeps how it was called, and says of itself what it is given. */
const tool = (says: string): string => `#!/bin/sh\necho "$*" >> "$0.calls"\necho '${says}'\n`;

test('all ways are run to their end, and counted', () => {
  const bin = projectWith({ helm: tool('v0.0'), kubectl: tool('{"kustomizeVersion":"v0.1"}') });
  for (const name of ['helm', 'kubectl']) chmodSync(join(bin, name), 0o755);
  const callsOf = (name: string) =>
    readFileSync(join(bin, `${name}.calls`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
  const out = join(bin, 'out.json');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(REPOSITORY, 'build', 'bench', 'main.js'), '--sessions', '3', '--rounds', '1', '--out', out],
    { encoding: 'utf8', env: { ...process.env, CLUSTER_BIN: bin } },
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });

  const results = JSON.parse(readFileSync(out, 'utf8')) as Results;
  expect(results.machine).toMatchObject({ helm: 'v0.0', kustomize: 'v0.1' });
  expect(results.measurements.map(({ way }) => way)).toEqual(WAY_NAMES);
  for (const { way, seconds, runs, basis } of results.measurements)
    expect({ way, isTimed: Number(seconds) > 0, runs, basis }).toEqual({
      way,
      isTimed: true,
      runs: 1,
      basis: { kind: 'measured' },
    });
  expect(callsOf('helm').map((call) => /--values .*\/(\S+)$/.exec(call)?.[1])).toEqual(['0.json', '1.json', '2.json']);
  expect(callsOf('kubectl')).toEqual([expect.stringMatching(/^kustomize .*\/class-00$/)]);
  expect(stdout).toContain('## 3 sessions');
  expect(stdout).toContain('| `dozlab --help` |');
  // Only Linux tells.
  const known = results.starts.filter(({ megabytes }) => Number(megabytes) > 10).map(({ start }) => start);
  expect(known).toEqual(process.platform === 'linux' ? START_NAMES : []);
});
