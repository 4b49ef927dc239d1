import type { Problem } from '../core/diagnostics';
import type { Item } from './item';
import type { Original } from './original';
import { isSessionObject, readObjects } from './read-objects';
import { isRelease, isValuesFile, readRelease, readValuesFile } from './read-values';

/** Reads the sessions of an input, whatever form each is in. What is none is added to the problems. */
export function readOriginals(items: readonly Item[], problems: Problem[]): Original[] {
  const objects: Item[] = [];
  const originals = items.flatMap((item) => {
    if (isSessionObject(item)) {
      objects.push(item);
      return [];
    }
    const found = isRelease(item)
      ? readRelease(item, problems)
      : isValuesFile(item)
        ? readValuesFile(item, problems)
        : unknown(item, problems);
    return found === undefined ? [] : [found];
  });
  const found = readObjects(objects);
  problems.push(...found.problems);
  return [...originals, ...found.originals];
}

function unknown(item: Item, problems: Problem[]): undefined {
  const kind = item.kind ?? '';
  const what = /^[A-Z][A-Za-z]{0,62}$/.test(kind) ? `a ${kind}` : 'this';
  problems.push(
    item.notCarried([], `${what} is no part of a session; read are Pod, Service, Secret, HelmRelease and values files`),
  );
}
