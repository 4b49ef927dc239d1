import { defaultsOf, type Mapping, type Tree } from '@dozlab/charts/schema';
import { valuesSchema } from './schema';

const defaults = frozen(structuredClone(defaultsOf(valuesSchema))) as Mapping;

export const defaultValues = (): Mapping => defaults;

function frozen(tree: Tree): Tree {
  if (typeof tree === 'object' && tree !== null) Object.values(Object.freeze(tree)).forEach(frozen);
  return tree;
}
