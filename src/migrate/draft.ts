import type { Problem } from '../core/diagnostics';
import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';
import type { Item } from './item';

/** Values that are gathered from objects, each with the place that it comes from. */
export class Draft {
  readonly values: Mapping = {};
  private readonly places = new Map<string, { readonly item: Item; readonly path: Path }>();

  constructor(private readonly item: Item) {}

  /** Sets a value, unless there is none. */
  set(path: Path, value: unknown, from: Path, item = this.item): void {
    if (value === undefined) return;
    this.places.set(path.join('/'), { item, path: from });
    let parent = this.values;
    for (const step of path.slice(0, -1)) {
      const next = parent[step];
      parent = isMapping(next) ? next : (parent[step] = {});
    }
    parent[String(path.at(-1))] = value as Tree;
  }

  /** A problem of a value, at the place that it comes from. */
  problem(severity: Problem['severity'], code: Problem['code'], path: Path, message: string): Problem {
    for (let length = path.length; length > 0; length--) {
      const place = this.places.get(path.slice(0, length).join('/'));
      if (place !== undefined)
        return place.item.problem(severity, code, [...place.path, ...path.slice(length)], message);
    }
    return this.item.problem(severity, code, [], `${path.join('.')} ${message}`);
  }
}
