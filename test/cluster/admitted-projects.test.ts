import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { resourceOf } from '../../src/admission/quota-usage';
import { amountsOf, type Quantities } from '../../src/admission/resource-list';
import { capacityOf } from '../../src/capacity/capacity';
import { projectState, type ProjectState } from '../../src/capacity/project-state';
import type { NamespaceUsage } from '../../src/capacity/quota-usage';
import { isError } from '../../src/core/diagnostics';
import { renderSession } from '../../src/manifests/lab-session-chart';
import { sharedObjects } from '../../src/resolve/namespace-objects';
import { randomProject } from '../support/arbitrary-project';
import { projectWith } from '../support/project';
import { Random } from '../support/random';
import { removeAtEnd, uniqueName } from './cluster';
import { Proxy, type Answer } from './proxy';

/** Random projects: the verdict of capacity, beside what the API server and the controllers do with their objects. */

const PROJECTS = Number(process.env['ADMISSION_PROJECTS'] ?? 25);
const AT_ONCE = 4;
/** With more projects than usual, others in each run. */
const seed = Number(process.env['FC_SEED'] ?? (PROJECTS > 25 ? randomInt(2 ** 31) : 1));

let proxy: Proxy;

beforeAll(async () => {
  proxy = await Proxy.start();
  await countCustomResources();
});

/** The controller of quotas looks for new kinds every 30 seconds. */
async function countCustomResources(): Promise<void> {
  const hard = { 'count/httproutes.gateway.networking.k8s.io': 9, 'count/podmonitors.monitoring.coreos.com': 9 };
  const name = uniqueName('probe');
  await until(async () => {
    await proxy.send('POST', pathOf('v1', 'default', 'resourcequotas'), { metadata: { name }, spec: { hard } });
    await sleep(1000);
    const { body } = await get('default', `resourcequotas/${name}`);
    await proxy.send('DELETE', pathOf('v1', 'default', `resourcequotas/${name}`));
    return Object.keys(at(body, ['status', 'used']) ?? {}).length === Object.keys(hard).length;
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 6000) throw new Error('it has not become so in 4 minutes');
    await sleep(40);
  }
}

function pathOf(apiVersion: string, namespace: string | undefined, resource: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`;
}

const get = (namespace: string, resource: string): Promise<Answer> =>
  proxy.send('GET', pathOf('v1', namespace, resource));

const listIn = async (namespace: string, apiVersion: string, resource: string): Promise<readonly object[]> =>
  ((await proxy.send('GET', pathOf(apiVersion, namespace, resource))).body['items'] ?? []) as readonly object[];

/** The message of the API server if it refuses the object. */
async function refusalOf(object: Manifest): Promise<string[]> {
  const { namespace } = object.metadata as { namespace?: string };
  const [resource = ''] = resourceOf(object).split('.');
  const path = pathOf(object.apiVersion, namespace, resource);
  const { status, body } = await proxy.send('POST', path, object);
  const isThere = status === 201 || status === 409;
  return isThere ? [] : [`${object.kind}/${object.metadata.name}: ${String(body['message'])}`];
}

async function refusals(objects: readonly Manifest[]): Promise<string[]> {
  const all: string[] = [];
  for (const object of objects) all.push(...(await refusalOf(object)));
  return all;
}

/** The namespace with its quota, which must be in force before the sessions come. */
async function prepare(shared: readonly Manifest[], namespace: string): Promise<string[]> {
  const own = shared.filter(({ metadata }) => metadata.name === namespace);
  const around = own.filter(({ kind }) => kind === 'Namespace' || kind.startsWith('ValidatingAdmissionPolicy'));
  for (const { kind, metadata } of around) removeAtEnd(kind.toLowerCase(), metadata.name);
  const inside = shared.filter(({ metadata }) => metadata.namespace === namespace);
  const [quotas, others] = [true, false].map((is) => inside.filter(({ kind }) => (kind === 'ResourceQuota') === is));
  const refused = await refusals(around);
  for (const first of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'])
    await until(async () => (await get(namespace, first)).status === 200);
  refused.push(...(await refusals(quotas ?? [])));
  for (const quota of quotas ?? []) {
    const keys = Object.keys(at(quota, ['spec', 'hard']) as object);
    const isKnown = async (): Promise<boolean> => {
      const { body } = await get(namespace, `resourcequotas/${quota.metadata.name}`);
      return Object.keys(at(body, ['status', 'hard']) ?? {}).length === keys.length;
    };
    await until(isKnown);
  }
  await seeQuotas();
  return [...refused, ...(await refusals(others ?? []))];
}

/** The API server learns of quotas in the order in which they are made: it enforces those that were made before. */
async function seeQuotas(): Promise<void> {
  const namespace = uniqueName('gate');
  await proxy.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const hard = { 'count/leases.coordination.k8s.io': 0 };
  await proxy.send('POST', pathOf('v1', namespace, 'resourcequotas'), { metadata: { name: 'gate' }, spec: { hard } });
  const leases = `${pathOf('coordination.k8s.io/v1', namespace, 'leases')}?dryRun=All`;
  await until(async () => (await proxy.send('POST', leases, { metadata: { name: 'x' } })).status === 403);
  await proxy.send('DELETE', `/api/v1/namespaces/${namespace}`);
}

const conditionsOf = (object: object) =>
  (at(object, ['status', 'conditions']) ?? []) as readonly { readonly reason?: string; readonly message?: string }[];

const failures = (objects: readonly object[]): string[] =>
  objects
    .flatMap(conditionsOf)
    .filter(({ reason = '' }) => /^(FailedCreate|ReplicaSetCreateError)$/.test(reason))
    .map(({ message = '' }) => message)
    // Controllers try again.
    .filter((message) => !/Internal error|Timeout/.test(message));

/** What controllers could not create, when they have tried all. */
async function failuresIn(namespace: string): Promise<string[]> {
  let found: string[] = [];
  await until(async () => {
    const deployments = await listIn(namespace, 'apps/v1', 'deployments');
    const sets = await listIn(namespace, 'apps/v1', 'replicasets');
    found = [...failures(sets), ...failures(deployments)];
    const isDone = (set: object): boolean =>
      at(set, ['spec', 'replicas']) === (at(set, ['status', 'replicas']) ?? 0) || failures([set]).length > 0;
    return sets.length + failures(deployments).length >= deployments.length && sets.every(isDone);
  });
  return found;
}

interface Outcome {
  readonly refused: readonly string[];
  /** Of what controllers create. */
  readonly failures: readonly string[];
  readonly used: Quantities;
}

async function applied(state: ProjectState, namespace: string): Promise<Outcome> {
  const { sessions } = state.resolved;
  const secrets = new Set(sessions.map(({ secret }) => secret.place.name));
  const refused = [
    ...(await prepare(sharedObjects(state.resolved), namespace)),
    ...(await refusals(Array.from(secrets, (name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } })))), // prettier-ignore
    ...(await refusals(sessions.flatMap(({ values }) => renderSession(values, namespace)))),
  ];
  const found = await failuresIn(namespace);
  const { body } = await get(namespace, 'resourcequotas/lab-sessions');
  await proxy.send('DELETE', `/api/v1/namespaces/${namespace}`);
  return { refused, failures: found, used: (at(body, ['status', 'used']) ?? {}) as Quantities };
}

function differences({ excesses, refused, resources }: NamespaceUsage, outcome: Outcome): string[] {
  const isFitting = excesses.length === 0 && refused.length === 0;
  const isAdmitted = outcome.refused.length === 0 && outcome.failures.length === 0;
  if (isFitting !== isAdmitted) return [`the verdict is ${isFitting ? 'fits' : 'does not fit'}`];
  const mayFail = [...excesses.map(({ failsApply }) => failsApply), ...refused.map(({ isApplied }) => isApplied)];
  if (outcome.refused.length > 0 && !mayFail.includes(true)) return ['an apply fails'];
  const used = amountsOf(outcome.used);
  if (!isFitting) return [];
  return resources.flatMap(({ resource, state, used: said }) => {
    const real = used.get(resource);
    if (state === 'not counted') return [];
    return (state === 'counted' ? said : undefined) === real ? [] : [`${resource} is ${String(real)}, not ${String(said)}`]; // prettier-ignore
  });
}

const asText = (data: unknown): string =>
  JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

test(`the verdict on ${String(PROJECTS)} random projects is the cluster's (FC_SEED=${String(seed)})`, async () => {
  const random = new Random(seed);
  const projects = Array.from({ length: PROJECTS }, (_, index) => {
    const namespace = uniqueName(`lab-any-${String(index)}`);
    return { namespace, files: randomProject(random, namespace) };
  });
  const wrong: string[] = [];
  const verdicts = new Set<string>();
  const waiting = projects.values();
  const work = async (): Promise<void> => {
    // All workers take from one iterator.
    for (const { namespace, files } of waiting) {
      const state = projectState(projectWith(files));
      const invalid = state.resolved.problems.filter((each) => isError(each) && !['over-quota', 'not-admitted'].includes(each.code)); // prettier-ignore
      expect(invalid).toEqual([]);
      const [usage] = capacityOf(state).namespaces;
      if (usage === undefined) throw new Error('no namespace');
      const outcome = await applied(state, namespace);
      verdicts.add(outcome.refused.length > 0 ? 'refused' : outcome.failures.length > 0 ? 'fails' : 'admitted');
      const found = differences(usage, outcome);
      if (found.length > 0) wrong.push([...found, asText(usage), asText(outcome), asText(files)].join('\n'));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(wrong).toEqual([]);
  expect(Array.from(verdicts)).toEqual(expect.arrayContaining(['refused', 'admitted']));
}, 3_600_000);
