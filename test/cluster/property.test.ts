import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { checkValues, renderSession, toYaml } from '../../src/index';
import type { Mapping } from '@dozlab/charts/schema';
import { arbitraryValues } from '../support/arbitrary-values';
import { kubectl, removeAtEnd, sessionNamespace, uniqueName } from './cluster';
import { itemsOf, type LiveObject } from './kubectl';
import { lostFrom } from './stored';

const SESSIONS = 60;

const seed = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));
const namespace = sessionNamespace('property');

/** A pod is refused when its classes do not exist; the names of classes are all that random values can get wrong here. */
const classes = { priorityClassName: uniqueName('dozlab-test'), runtimeClassName: uniqueName('dozlab-test') };

const withClasses = (values: Mapping): Mapping => ({
  ...values,
  ...Object.fromEntries(Object.entries(classes).filter(([key]) => Object.hasOwn(values, key))),
});

beforeAll(() => {
  removeAtEnd('priorityclass', classes.priorityClassName);
  removeAtEnd('runtimeclass', classes.runtimeClassName);
  kubectl.apply([
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: classes.priorityClassName },
      value: 1,
    },
    {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: classes.runtimeClassName },
      handler: 'runc',
    },
  ]);
});

/** Complete values that we accept, of as many sessions. */
const accepted = fc
  .sample(arbitraryValues(), { seed, numRuns: 2 * SESSIONS })
  .map((values) => checkValues(withClasses(values)))
  .flatMap(({ values, problems }) =>
    values === undefined || problems.some(({ severity }) => severity === 'error') ? [] : [values],
  )
  .slice(0, SESSIONS);

const manifests = accepted.flatMap((values) => renderSession(values, namespace));

test(`what we accept, the API server accepts and keeps as it is (FC_SEED=${String(seed)})`, () => {
  expect(accepted).toHaveLength(SESSIONS);

  const { refusals, printed } = kubectl.ask(
    ['apply', '--server-side', '--dry-run=server', '-f', '-', '-o', 'json'],
    toYaml(manifests),
  );
  expect(refusals).toEqual([]);

  const kept = itemsOf(JSON.parse(printed) as LiveObject);
  expect(kept).toHaveLength(manifests.length);
  const lost = manifests.flatMap((sent, index) =>
    lostFrom(sent, kept[index]).map((line) => `${sent.kind} ${sent.metadata.name} ${line}`),
  );
  expect(lost).toEqual([]);
});
