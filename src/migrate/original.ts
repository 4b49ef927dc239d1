import { type Position, type Problem, problemIn, type Diagnostics } from '../core/diagnostics';
import { isMapping, type Mapping, type Path, type Tree, at } from '@dozlab/charts/schema';
import type { YamlFile } from '../source/yaml';

export class Item {
  private constructor(
    private readonly file: YamlFile,
    private readonly from: Path,
    readonly content: Mapping,
  ) {}

  static in(file: YamlFile, diagnostics: Diagnostics): Item[] {
    return itemsBelow(file.content, [], undefined).flatMap(({ content, path }) => {
      if (content === null || content === undefined) return [];
      if (isMapping(content)) return [new Item(file, path, content)];
      const message = 'is neither an object nor values; accepted: Kubernetes objects, or a values file of the chart';
      diagnostics.error(file, path, 'wrong-type', message);
      return [];
    });
  }

  get(...path: Path): unknown {
    return at(this.content, path);
  }

  /** @returns text, or a number as text; undefined for anything else */
  text(...path: Path): string | undefined {
    const value = this.get(...path);
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  get kind(): string | undefined {
    return this.text('kind');
  }

  get name(): string {
    return this.text('metadata', 'name') ?? '';
  }

  get namespace(): string | undefined {
    return this.text('metadata', 'namespace');
  }

  get place(): Position & { readonly file: string } {
    return { file: this.file.path, ...this.file.locate(this.from) };
  }

  problem(severity: Problem['severity'], code: Problem['code'], path: Path, message: string, key = false): Problem {
    return problemIn(this.file, { severity, code, path: [...this.from, ...path], message, key });
  }

  notCarried(path: Path, why: string): Problem {
    return this.problem('warning', 'not-carried', path, `is not carried over: ${why}`, true);
  }
}

interface Content {
  readonly content: unknown;
  readonly path: Path;
}

function itemsBelow(content: unknown, path: Path, kind: string | undefined): Content[] {
  const own = at(content, ['kind']) ?? kind;
  const items = at(content, ['items']);
  if (typeof own === 'string' && own.endsWith('List') && Array.isArray(items)) {
    const each = own === 'List' ? undefined : own.slice(0, -'List'.length);
    return items.flatMap((item, index) => itemsBelow(item, [...path, 'items', index], each));
  }
  return [{ content: isMapping(content) && kind !== undefined ? { kind, ...content } : content, path }];
}

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
