import { readdirSync, symlinkSync } from 'node:fs';
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

/** A folder for the PATH, whose helm is one of the real Helms. */
function folderOf(name: string): string {
  const folder = temporaryFolder();
  symlinkSync(join(binFolder(), name), join(folder, 'helm'));
  return folder;
}

describe.each(BOTH)('%s', (name, helm) => {
  const repository = `oci://${systems().registry}/${uniqueName(name)}`;
  const chart = `${repository}/lab-session`;

  beforeAll(() => {
    const { status, stderr } = dozlab(['chart', 'push', repository, '--plain-http'], {
      env: { ...process.env, PATH: `${folderOf(name)}:${process.env['PATH'] ?? ''}` },
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
