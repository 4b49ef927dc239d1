import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { lab, session } from '../support/project';
import { ageKey } from './age-key';
import { kubectl, uniqueName } from './cluster';
import { FluxCohort, together } from './flux-cohort';
import { FluxProject } from './flux-project';
import type { LiveObject } from './kubectl';

/** A kind that the cluster does not have, an object that it refuses or a Secret that no key opens stops only its own Kustomization. */

const ROUTES = { httpRoute: { enabled: true, parentRefs: [{ name: 'gate' }], vscode: { host: '{id}.example.com' } } };
const [key, lost] = [ageKey(), ageKey()];

const plain = new FluxCohort(uniqueName('plain'), 'kustomize');
const monitored = new FluxCohort(uniqueName('monitored'), 'kustomize', { infra: { podMonitor: { enabled: true } } });
const routed = new FluxCohort(uniqueName('routed'), 'kustomize', { values: ROUTES });
const external = new FluxCohort(uniqueName('external'), 'kustomize', { secrets: { provider: 'external-secrets' } });
const encrypted = new FluxCohort(uniqueName('encrypted'), 'kustomize', {
  secrets: { provider: 'sops', sops: { age: [key.recipient], decryptionSecret: 'keys' } },
});
const all = [plain, monitored, routed, external, encrypted];

const fleet = new FluxProject('apart', {}, { 'labs/vm.yaml': lab('vm') });

const textOf = (path: string): string => readFileSync(join(fleet.git.folder, path), 'utf8');

/** Pushes the output of synth with other text in some files, as a cluster without their kinds sees it. */
function pushWith(changes: readonly (readonly [path: string, from: string | RegExp, to: string])[]): void {
  fleet.run('synth');
  for (const [path, from, to] of changes) {
    const text = textOf(path);
    const changed = text.replaceAll(new RegExp(from, 'g'), to);
    expect(changed).not.toBe(text);
    fleet.write({ [path]: changed });
  }
  fleet.git.push();
}

/** Waits until Flux reports why it cannot apply. */
function failureOf(name: string): string {
  const wait = ['wait', `kustomization/${name}`, '-n', fleet.flux, '--for=condition=Ready=False', '--timeout=120s'];
  // The next try begins soon after, so the message is of the state that was waited for.
  return kubectl.run([...wait, '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].message}']);
}

const namesOf = (one: FluxCohort, kinds: string): string[] => one.list(kinds).map(({ metadata }) => metadata.name);

beforeAll(() => {
  fleet.write(together(all.map((one) => one.files({ alice: {} }))));
  fleet.run('secret', 'set', '--cohort', encrypted.name);
  fleet.run('synth');
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: fleet.flux } }]);
  kubectl.apply([
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: fleet.flux }, stringData: { 'age.agekey': key.identity } }, // prettier-ignore
  ]);
  fleet.bootstrap();
  fleet.sync(...all.map(({ name }) => name));
});
afterAll(() => {
  fleet.end();
});

test('all is applied, each object by one Kustomization', () => {
  const ownerOf = ({ metadata: { labels } }: LiveObject): unknown => labels?.['kustomize.toolkit.fluxcd.io/name'];
  expect(external.list('externalsecrets,passwords.generators.external-secrets.io').map(ownerOf)).toEqual([
    `lab-${external.name}.passwords`,
    `lab-${external.name}.passwords`,
  ]);
  expect(routed.list('httproutes').map(ownerOf)).toEqual([`lab-${routed.name}.routes`]);
  kubectl.run(['wait', '--for=create', 'secret/lab-session-alice-secrets', '-n', encrypted.namespace, '--timeout=60s']);
  expect(encrypted.list('secrets').map(ownerOf)).toEqual([`lab-${encrypted.name}.passwords`]);
  expect(monitored.list('podmonitors').map(ownerOf)).toEqual(['dozlab-monitoring']);
  for (const one of all) expect(one.list('deployments,services').map(ownerOf)).toEqual([`lab-${one.name}`, `lab-${one.name}`]); // prettier-ignore
});

test('without a kind, only what has it is missing: a new session and a new cohort come, an ended one goes', () => {
  const late = new FluxCohort(uniqueName('late'), 'kustomize');
  fleet.write(together(all.map((one) => ({ [one.file('bob')]: session('bob') }))));
  fleet.write(late.files({ carol: {} }));
  fleet.run('secret', 'set', '--cohort', encrypted.name);
  fleet.remove(...all.map((one) => one.file('alice')), `secrets/${encrypted.name}/alice.yaml`);
  const absent = 'apiVersion: absent.example.com/v1';
  pushWith([
    [`dist/monitoring/${monitored.namespace}.yaml`, 'apiVersion: "?monitoring.coreos.com/v1"?', absent],
    [`dist/sessions/${routed.name}/bob.yaml`, 'apiVersion: "?gateway.networking.k8s.io/v1"?', absent],
    [`dist/sessions/${external.name}/bob.secret.yaml`, 'apiVersion: "?external-secrets.io/v1"?', absent],
  ]);
  fleet.apply(...[...all, late].map(({ name }) => name));

  for (const name of ['dozlab-monitoring', `lab-${routed.name}.routes`, `lab-${external.name}.passwords`])
    expect(failureOf(name)).toContain('no matches for kind');
  for (const one of all) expect(namesOf(one, 'deployments')).toEqual(['lab-session-bob']);
  expect(namesOf(late, 'deployments')).toEqual(['lab-session-carol']);
});

test('a Secret that no key opens stops passwords, and no session', () => {
  fleet.write({ [encrypted.file('dora')]: session('dora') });
  fleet.write(encrypted.with({ secrets: { provider: 'sops', sops: { age: [lost.recipient], decryptionSecret: 'keys' } } }).files()); // prettier-ignore
  fleet.run('secret', 'set', '--cohort', encrypted.name);
  fleet.push();
  fleet.apply(encrypted.name);
  expect(failureOf(`lab-${encrypted.name}.passwords`)).toContain('decryption failed');
  expect(namesOf(encrypted, 'deployments').sort()).toEqual(['lab-session-bob', 'lab-session-dora']);
});

test('what an earlier version applied together changes hands, and no password is made anew', () => {
  const earlier = new FluxCohort(uniqueName('earlier'), 'kustomize', { secrets: { provider: 'external-secrets' }, values: ROUTES }); // prettier-ignore
  const file = `dist/flux/cohorts/${earlier.name}.yaml`;
  fleet.write(earlier.files({ eve: {} }));
  fleet.run('synth');
  const [main] = parseAllDocuments(textOf(file)).map((document) => document.toJS() as { spec: { dependsOn: object[]; patches?: object[] } }); // prettier-ignore
  if (main === undefined) throw new Error(`${file} is empty`);
  delete main.spec.patches;
  main.spec.dependsOn.splice(2);
  fleet.write({ [file]: JSON.stringify(main) });
  fleet.git.push();
  fleet.apply(earlier.name);
  const secret = ['secret/lab-session-eve-secrets', '-n', earlier.namespace];
  kubectl.run(['wait', '--for=create', ...secret, '--timeout=120s']);
  const idsOf = (): unknown[] => [
    kubectl.get(...secret).metadata.uid,
    ...earlier.list('externalsecrets,passwords.generators.external-secrets.io,httproutes').map(({ metadata }) => metadata.uid), // prettier-ignore
  ];
  const before = idsOf();
  expect(before).toHaveLength(4);

  fleet.push();
  fleet.apply(earlier.name);
  for (const unit of ['passwords', 'routes']) {
    const inventory = '--for=jsonpath={.status.inventory.entries}';
    kubectl.run(['wait', `kustomization/lab-${earlier.name}.${unit}`, '-n', fleet.flux, inventory, '--timeout=60s']);
  }
  expect(idsOf()).toEqual(before);
});
