import { problemIn, type Diagnostics, type Position, type Problem } from '../core/diagnostics';
import type { YamlFile } from '../source/yaml';
import { at, isMapping, type Mapping, type Path } from '@dozlab/charts/schema';

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
