import { functionNamed } from '../view/function';
import { COMPILED } from './compiled';
import { link, type Printer } from './javascript';

/**
 * The program of a chart that was compiled when Dozlab was built; undefined where none was. The functions that it calls are to be registered.
 * @param isNamespaced whether it writes a namespace into objects
 */
export function compiledPrinter<V>(name: string, isNamespaced: boolean): Printer<V> | undefined {
  const compiled = COMPILED[name]?.[isNamespaced ? 'namespaced' : 'plain'];
  return compiled === undefined
    ? undefined
    : fromFirst(link<V>(compiled.program, compiled.functions.map(functionNamed)));
}

/** Without what parts the first document from one before it. */
export const fromFirst =
  <V>(print: Printer<V>): Printer<V> =>
  (values, namespace) =>
    print(values, namespace).replace(/^---\n/, '');
