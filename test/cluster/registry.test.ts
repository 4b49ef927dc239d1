import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlab } from '../support/cli';
import { temporaryFolder } from '../support/project';
import { valuesWith } from '../support/values';
import { sessionNamespace, uniqueName } from './cluster';
import { BOTH } from './helm';
import { podsOf } from './live-session';
import { Release } from './release';
import { systems } from './systems';
import { binFolder } from './tools';

/** A folder for the PATH, whose helm is one of the real Helms, which speaks plain HTTP with registries. */
function plainHelm(name: string): string {
  const folder = temporaryFolder();
  const path = join(folder, 'helm');
  writeFileSync(path, `#!/bin/sh\nexec '${join(binFolder(), name)}' "$@" --plain-http\n`);
  chmodSync(path, 0o755);
  return folder;
}

describe.each(BOTH)('%s', (name, helm) => {
  const repository = `oci://${systems().registry}/${uniqueName(name)}`;
  const chart = `${repository}/lab-session`;

  beforeAll(() => {
    const { status, stderr } = dozlab(['chart', 'push', repository], {
      env: { ...process.env, PATH: `${plainHelm(name)}:${process.env['PATH'] ?? ''}` },
    });
    if (status !== 0) throw new Error(stderr);
  });

  test('pulls the chart that was pushed', () => {
    const folder = temporaryFolder();
    helm.run(['pull', chart, '--plain-http', '-d', folder]);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^lab-session-\d+\.\d+\.\d+\.tgz$/)]);
  });

  test('installs it from the registry', () => {
    const namespace = sessionNamespace(`${name}-registry`);
    new Release(helm, chart, namespace).install(valuesWith(), '--plain-http');
    expect(podsOf(namespace, 'alice-001')).toHaveLength(1);
  });
});
