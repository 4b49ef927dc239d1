import fc from 'fast-check';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { changedModel, identified, type ValuesModel, valuesModel } from '../../../src/api/values/incremental-check';
import { IDENTITY } from '../../../src/api/values/schema';
import { arbitraryValues } from '../../support/arbitrary-values';
import { expectProperty } from '../../support/property';
import { valuesWith } from '../../support/values';

/** What a model says, without what its rules have looked at. */
const said = (model: ValuesModel | undefined) =>
  model && { values: { ...model.values }, problems: model.findings.map(({ problems }) => problems) };

const withoutKey = (values: Mapping, name: string): Mapping =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));

describe('a model of values', () => {
  it('with some parts changed is what the model of all of them is', () => {
    let right = 0;
    expectProperty(
      fc.tuple(arbitraryValues(), arbitraryValues(), fc.infiniteStream(fc.boolean())),
      ([one, other, isTaken]) => {
        const model = valuesModel(one);
        if (model === undefined) return;
        const names = Array.from(new Set([...Object.keys(one), ...Object.keys(other)])).filter(
          () => isTaken.next().value === true,
        );
        const parts = Object.fromEntries(names.map((name) => [name, other[name]]));
        const whole = names.reduce(
          (values, name) => (other[name] === undefined ? withoutKey(values, name) : { ...values, [name]: other[name] }),
          one,
        );
        const expected = valuesModel(whole);
        expect(said(changedModel(model, parts))).toEqual(said(expected));
        if (expected !== undefined) right += 1;
      },
    );
    expect(right).toBeGreaterThan(50);
  });

  it('keeps the parts that are not changed', () => {
    const model = valuesModel(valuesWith({ firecracker: { vm: { memory: 2048 } } }));
    if (model === undefined) throw new Error('the values are right');
    const changed = changedModel(model, { labels: { a: 'b' } });
    expect(changed?.values.labels).toEqual({ a: 'b' });
    expect(changed?.values.firecracker).toBe(model.values.firecracker);
  });

  it.each<[string, Mapping]>([
    ['a part that is not right', { firecracker: { vm: { memory: 'much' } } }],
    ['a part that does not go with another', { firecracker: { resources: { limits: { memory: '1Mi' } } } }],
    ['a part that nobody knows', { firecraker: {} }],
    ['a part of every object', { constructor: 'x' }],
  ])('is none with %s', (_, parts) => {
    const model = valuesModel(valuesWith({}));
    expect(model).toBeDefined();
    expect(model && changedModel(model, parts)).toBeUndefined();
    expect(valuesModel(mergeTrees(valuesWith({}), parts))).toBeUndefined();
  });

  it('gives the values of others that differ in who they are for, where the rules say the same of them', () => {
    let alike = 0;
    expectProperty(fc.tuple(arbitraryValues(), arbitraryValues()), ([one, other]) => {
      const model = valuesModel(withoutKey(one, 'suspended'));
      if (model === undefined || valuesModel(other) === undefined) return;
      const identity = Object.fromEntries(
        IDENTITY.flatMap((name) => (other[name] === undefined ? [] : [[name, other[name]]])),
      );
      const expected = valuesModel({ ...withoutKey(one, 'suspended'), ...identity });
      const values = identified(model)(identity);
      const problems = (each: ValuesModel | undefined) => said(each)?.problems;
      const isAlike = JSON.stringify(problems(model)) === JSON.stringify(problems(expected));
      expect(values && { ...values }).toEqual(isAlike ? said(expected)?.values : undefined);
      if (isAlike) alike += 1;
    });
    expect(alike).toBeGreaterThan(50);
  });
});
