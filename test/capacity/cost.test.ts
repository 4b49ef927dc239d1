import { quantityOf } from '../../src/model/pod-requests';
import { capacityOf } from '../../src/capacity/capacity';
import { costChange, costOf, moneyText, pricesOf, type Cost } from '../../src/capacity/cost';
import { projectState, type ProjectState } from '../../src/capacity/project-state';
import { placesWith } from '../support/problems';
import { cohort, project, projectWith, session, smallProject, type Files } from '../support/project';

/** The requests before the optimization of document 003, "Per-Pod Resource Comparison": without init containers. */
const BEFORE = {
  firecracker: { resources: { requests: { cpu: 1, memory: '3Gi' }, limits: { cpu: 2, memory: '4Gi' } } },
  terminal: { resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '500m', memory: '512Mi' } } },
  codeServer: { resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: 1, memory: '2Gi' } } },
};

/** The fixed request of the document. By default, the request follows the microVM. */
const AFTER = { firecracker: { resources: { requests: { memory: '1Gi' } } } };

const students = (count: number, name = 'class'): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`sessions/${name}/s-${String(index)}.yaml`, session(`s-${String(index)}`)]), // prettier-ignore
  );

const stateWith = (spec: object, files: Files = {}): ProjectState =>
  projectState(projectWith(smallProject({ 'dozlab.yaml': project(spec), ...files })));

const shown = (cost: Cost | undefined): [string, string] | undefined =>
  cost === undefined ? undefined : [quantityOf('cpu', cost.cpu), quantityOf('memory', cost.memory)];

const PRICES = { cpuHour: 0.04, memoryGiBHour: 0.005, hours: 100 };

describe('cost of 10 users (document 003)', () => {
  const { perTen, total } = costChange(
    stateWith({ values: BEFORE }, students(2)),
    stateWith({ values: AFTER }, students(2)),
  );

  test('is 17.5 CPU and 42.5Gi before', () => {
    // 42.5Gi
    expect(shown(perTen.before)).toEqual(['17500m', '43520Mi']);
  });

  test('is 8.5 CPU and 16.25Gi after, as init containers run before the others', () => {
    expect(shown(perTen.after)).toEqual(['8500m', '16640Mi']);
    expect(shown(total.after)).toEqual(['2550m', '4992Mi']);
  });
});

describe('money', () => {
  test('is requests times prices times hours', () => {
    const state = stateWith({ prices: PRICES });
    const { total } = costOf(capacityOf(state), pricesOf(state));
    // 0.85 CPU and 2.625 GiB
    expect(total.money).toBeCloseTo((0.85 * 0.04 + 2.625 * 0.005) * 100, 10);
  });

  test('is absent without prices', () => {
    expect(costOf(capacityOf(stateWith({}))).total).not.toHaveProperty('money');
  });

  test('has defaults for currency and hours', () => {
    expect(pricesOf(stateWith({ prices: { cpuHour: 0, memoryGiBHour: 0 } }))).toEqual({ currency: 'USD', cpuHour: 0, memoryGiBHour: 0, hours: 730 }); // prettier-ignore
  });

  test.each([
    ['USD', 1234.5, '$1,234.50'],
    ['EUR', 0.004, '€0.00'],
    ['JPY', 1234.5, '¥1,235'],
  ])('in %s has the same form in every locale', (currency, amount, text) => {
    expect(moneyText(amount, { currency })).toBe(text);
  });

  test.each([
    [{ cpuHour: -1, memoryGiBHour: 0 }, 'dozlab.yaml:7:14 spec.prices.cpuHour [wrong-value]'],
    [{ cpuHour: 0 }, 'dozlab.yaml:7:5 spec.prices.memoryGiBHour [missing]'],
    [{ cpuHour: '0.04', memoryGiBHour: 0 }, 'dozlab.yaml:7:14 spec.prices.cpuHour [wrong-type]'],
    [{ cpuHour: Infinity, memoryGiBHour: 0 }, 'dozlab.yaml:7:14 spec.prices.cpuHour [wrong-type]'],
    [{ cpuHour: 0, memoryGiBHour: 0, hours: 745 }, 'dozlab.yaml:9:12 spec.prices.hours [wrong-value]'],
    [{ cpuHour: 0, memoryGiBHour: 0, currency: 'dollars' }, 'dozlab.yaml:9:15 spec.prices.currency [wrong-value]'],
    [{ cpuHour: 0, memoryGiBHour: 0, gpuHour: 1 }, 'dozlab.yaml:9:5 spec.prices.gpuHour [unknown-key]'],
  ])('%j is refused', (prices, place) => {
    expect(placesWith({ 'dozlab.yaml': project({ prices }) })).toEqual([place]);
  });
});

describe('cost change', () => {
  test('lists new and removed cohorts, with the prices after the change', () => {
    const before = stateWith({ prices: { ...PRICES, cpuHour: 9 } });
    const after = projectState(
      projectWith({
        ...smallProject({ 'dozlab.yaml': project({ prices: PRICES }) }),
        'sessions/class/alice.yaml': session('alice', { suspended: true }),
        'sessions/new/cohort.yaml': cohort('new'),
        ...students(3, 'new'),
      }),
    );
    const change = costChange(before, after);
    expect(change.prices).toMatchObject(PRICES);
    expect(change.cohorts.map(({ cohort: name, before: old, after: now }) => [name, shown(old), shown(now)])).toEqual([
      ['class', ['850m', '2688Mi'], ['0', '0']],
      ['new', undefined, ['2550m', '8064Mi']],
    ]);
    expect(change.total.before.money).toBeCloseTo((change.total.after.money ?? 0) / 3, 10);
  });

  test('has no cost of 10 users without sessions', () => {
    const empty = projectState(projectWith({ 'dozlab.yaml': project() }));
    expect(costChange(empty, empty)).toMatchObject({ perTen: { before: undefined, after: undefined }, cohorts: [] });
  });
});
