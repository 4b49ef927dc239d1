import { lab } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort, together } from './flux-cohort';
import { FluxProject } from './flux-project';

/** Sessions that move between cohorts of one namespace, by the way that the refusal of synth says. */

const KEEP = { values: { annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } } };
const MOVERS = ['ann', 'ben', 'cid', 'dan', 'eve', 'fay'];
const all = (spec: object): Record<string, object> => Object.fromEntries(MOVERS.map((id) => [id, spec]));

const pairs = DELIVERIES.map((delivery) => {
  const namespace = uniqueName(`lab-shared-${delivery}`);
  const cohort = (name: string): FluxCohort =>
    new FluxCohort(uniqueName(`${name}-${delivery}`), delivery, { namespace });
  return { delivery, from: cohort('m'), to: cohort('z'), back: cohort('a') };
});
const cohorts = pairs.flatMap(({ from, to, back }) => [from, to, back]);
const fleet = new FluxProject('shared', {}, { 'labs/vm.yaml': lab('vm') });

/** Moves all sessions, and takes the annotation from them. */
function move(from: FluxCohort, to: FluxCohort, spec: object): void {
  fleet.remove(...MOVERS.map((id) => from.file(id)));
  fleet.write(to.files(all(spec)));
}

function deliver(): void {
  fleet.deliver(...cohorts.map(({ name }) => name));
  for (const one of cohorts) one.settle();
}

const podsOf = (one: FluxCohort): string[] => MOVERS.flatMap((id) => one.pods(id));

let before: string[][] = [];

beforeAll(() => {
  fleet.write(
    together(
      pairs.flatMap(({ from, to, back }) => [
        from.files({ ...all(KEEP), stay: {} }),
        to.files({ 'stay-z': {} }),
        back.files({ 'stay-a': {} }),
      ]),
    ),
  );
  fleet.bootstrap();
  deliver();
  before = pairs.map(({ from }) => podsOf(from));
});
afterAll(() => {
  fleet.end();
});

test('keep their pods, whichever of the two cohorts Flux applies first', () => {
  for (const pods of before) expect(pods).toHaveLength(MOVERS.length);
  for (const { from, to } of pairs) move(from, to, KEEP);
  deliver();
  expect(pairs.map(({ to }) => podsOf(to))).toEqual(before);

  // To the other side in the order of names, without the annotation.
  for (const { to, back } of pairs) move(to, back, {});
  deliver();
  for (const { back } of pairs) back.putBack(fleet);
  expect(pairs.map(({ back }) => podsOf(back))).toEqual(before);
});

test('belong to the new cohort alone, and end with it', () => {
  for (const { back } of pairs) fleet.remove(...MOVERS.map((id) => back.file(id)));
  deliver();
  for (const { from, delivery } of pairs) {
    const deployments = (): string[] => from.list('deployments').map(({ metadata }) => metadata.name);
    for (const id of MOVERS)
      kubectl.run(['wait', '--for=delete', `deployment/lab-session-${id}`, '-n', from.namespace, '--timeout=60s']);
    expect([delivery, deployments().sort()]).toEqual([delivery, ['lab-session-stay', 'lab-session-stay-a', 'lab-session-stay-z']]); // prettier-ignore
    expect(from.releases()).toHaveLength(delivery === 'helm' ? 3 : 0);
  }
});
