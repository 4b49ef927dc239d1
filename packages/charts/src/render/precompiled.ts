import { functionNamed } from '../view/functions';
import { COMPILED } from './compiled';
import { link, type Template } from './javascript';

/**
 * The program of a chart that was compiled when Dozlab was built; undefined where none was. The functions that it calls are to be registered.
 * @param isNamespaced whether it writes a namespace into objects
 */
export function compiledTemplate<V>(name: string, isNamespaced: boolean): Template<V> | undefined {
  const compiled = COMPILED[name]?.[isNamespaced ? 'namespaced' : 'plain'];
  return compiled === undefined ? undefined : link<V>(compiled.program, compiled.functions.map(functionNamed));
}
