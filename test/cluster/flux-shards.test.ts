import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lab } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort, together } from './flux-cohort';
import { FLUX_PORTS, fluxControllers } from './flux';
import { Keeper } from './keeper';
import { freePorts } from './ports';
import { PublishedProject } from './published-project';
import { binFolder } from './tools';
import { answers, until } from './until';

/** Cohorts of a shard, which has controllers of its own; those of the cluster leave it alone. */

const shard = uniqueName('shard');
const cohorts = DELIVERIES.map((delivery) => new FluxCohort(uniqueName(`shard-${delivery}`), delivery));
const names = cohorts.map(({ name }) => name);
const fleet = new PublishedProject(
  'shards',
  { shards: [shard] },
  { 'labs/vm.yaml': lab('vm'), ...together(cohorts.map((cohort) => cohort.files({ alice: {} }))) },
);
const keeper = new Keeper(mkdtempSync(join(tmpdir(), 'dozlab-shard-')));

async function startShard(): Promise<void> {
  const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
  const artifacts = join(keeper.folder, 'artifacts');
  mkdirSync(artifacts);
  const services = fluxControllers(binFolder(), artifacts, await freePorts(FLUX_PORTS), shard);
  for (const { program } of services) keeper.start({ ...program, env: { ...env, ...program.env } });
  for (const { sign } of services) await until(keeper, () => answers(sign));
}

beforeAll(() => {
  fleet.bootstrap();
  fleet.sync();
  fleet.publish();
});

afterAll(async () => {
  fleet.end();
  const objects = names.map((name) => `kustomization/lab-${name}`);
  kubectl.try(['wait', ...objects, '-n', fleet.flux, '--for=delete', '--timeout=60s']);
  await keeper.stop();
});

test('sessions of a shard are brought by its controllers alone', async () => {
  await sleep(5000);
  expect(names.map((name) => fleet.applied(name).revision)).toEqual([undefined, undefined]);
  await startShard();
  await fleet.untilApplied(...names);
  for (const cohort of cohorts) {
    cohort.settle();
    expect(cohort.pods('alice')).toHaveLength(1);
  }
});
