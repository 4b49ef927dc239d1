import type { Position, Problem } from '../core/diagnostics';
import type { Item } from './item';
import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';

export type Form = 'manifest' | 'values' | 'release' | 'live';

export interface FilePosition extends Position {
  readonly file: string;
}

export interface Original {
  readonly form: Form;
  readonly place: FilePosition;
  readonly id: string;
  readonly userId: string;
  /** @default none: its form does not contain it */
  readonly namespace?: string;
  readonly release?: string;
  /** `null` removes a default. */
  readonly values: Mapping;
  readonly expiresAt?: string;
  readonly suspended?: boolean;
  readonly objects: () => readonly Mapping[];
  readonly hasPassword: boolean;
  at(severity: Problem['severity'], code: Problem['code'], path: Path, message: string): Problem;
}

export class Draft {
  readonly values: Mapping = {};
  private readonly places = new Map<string, { readonly item: Item; readonly path: Path }>();

  constructor(private readonly item: Item) {}

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

  problem(severity: Problem['severity'], code: Problem['code'], path: Path, message: string): Problem {
    for (let length = path.length; length > 0; length--) {
      const place = this.places.get(path.slice(0, length).join('/'));
      if (place !== undefined)
        return place.item.problem(severity, code, [...place.path, ...path.slice(length)], message);
    }
    return this.item.problem(severity, code, [], `${path.join('.')} ${message}`);
  }
}
