import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mergeTrees, type Mapping } from '@dozlab/charts/schema';
import { kubectl, removeAtEnd, uniqueName, waitForServiceAccount } from '../cluster/cluster';
import { FluxProject } from '../cluster/flux-project';
import { REPOSITORY } from '../support/cli';
import type { Files } from '../support/project';
import { Internet } from './internet';
import { execIn, nodeValues, passwordSecret, podsWhenAvailable } from './sessions';

/** The cohorts of the example project, their sessions, and how Flux brings them. */
const COHORTS = [
  ['classroom', ['alice-001', 'bob-001', 'charlie-001']],
  ['sandbox', ['custom-initrd-001', 'docker-001', 'vm-001']],
] as const;

describe('the example project, by Flux: manifests for one cohort, releases of the chart for the other', () => {
  const internet = new Internet();
  let flux: FluxProject;

  beforeAll(async () => {
    await internet.start();
    flux = new FluxProject('example', {}, exampleFiles(internet));
    flux.bootstrap();
    flux.sync();
    for (const [cohort] of COHORTS) removeAtEnd('namespace', namespaceOf(cohort));
  });

  afterAll(() => {
    flux.end();
    internet.stop();
  });

  test.each(COHORTS)(
    '%s: each session becomes Ready, with SSH to its microVM and its editor',
    async (cohort, sessions) => {
      const namespace = namespaceOf(cohort);
      waitForServiceAccount(namespace);
      kubectl.apply(sessions.map((id) => passwordSecret(namespace, 'only-for-tests', id)));
      for (const id of sessions)
        kubectl.run(['wait', '--for=create', `deployment/lab-session-${id}`, '-n', namespace, '--timeout=120s']);
      const pods = podsWhenAvailable(namespace);
      expect(pods.map(({ metadata }) => metadata.labels?.['session-id']).sort()).toEqual(sessions);
      for (const { metadata, status } of pods) {
        expect(execIn(namespace, metadata.name, 'code-server', 'nc', '-w', '3', '172.16.0.2', '22')).toMatch(
          /^SSH-2\.0-dropbear/,
        );
        const { podIP } = status as { readonly podIP: string };
        expect(await (await fetch(`http://${podIP}:8080/login`)).text()).toBe('Please log in');
      }
    },
  );
});

const namespaceOf = (cohort: string): string => uniqueName(`lab-${cohort}`);

/** The files of the example, with the images and the internet of these tests, in namespaces of their own. */
function exampleFiles(internet: Internet): Files {
  const values = nodeValues(internet.guestUrl);
  const files: Record<string, unknown> = {};
  for (const folder of ['labs', ...COHORTS.map(([cohort]) => `sessions/${cohort}`)])
    for (const name of readdirSync(join(REPOSITORY, folder))) {
      const path = `${folder}/${name}`;
      files[path] = adapted(path, parse(readFileSync(join(REPOSITORY, path), 'utf8')) as Mapping, values);
    }
  return files;
}

function adapted(path: string, document: Mapping, values: Mapping): Mapping {
  if (path.startsWith('labs/')) {
    const { spec } = document as { readonly spec: { readonly values: Mapping } };
    // The size of disk and microVM stay those of the lab.
    const { rootfs, firecracker, ...own } = values as Record<string, Mapping>;
    const { vm: _, ...machine } = firecracker ?? {};
    const given = { ...own, firecracker: machine, rootfs: { imageUrl: rootfs?.['imageUrl'] } };
    return { ...document, spec: { ...spec, values: mergeTrees(spec.values, given as Mapping) } };
  }
  if (!path.endsWith('/cohort.yaml')) return document;
  const { spec, metadata } = document as { readonly spec: Mapping; readonly metadata: { readonly name: string } };
  return { ...document, spec: { ...spec, namespace: namespaceOf(metadata.name) } };
}
