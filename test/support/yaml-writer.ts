import type { Random } from './random';

export class Leaf {
  constructor(
    readonly text: string,
    readonly mark?: Mark,
  ) {}
}

export interface Mark {
  readonly id: string;
  readonly of: 'key' | 'value';
}

export type Branch = Map<string, Leaf | Branch>;

export function plant(tree: Branch, path: readonly string[], leaf: Leaf): void {
  const [step = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(step, leaf);
    return;
  }
  const below = tree.get(step);
  const branch: Branch = below instanceof Map ? below : new Map<string, Leaf | Branch>();
  tree.set(step, branch);
  plant(branch, rest, leaf);
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export class YamlWriter {
  readonly places = new Map<string, Place>();
  private text = '';
  private line = 1;
  private column = 1;
  private readonly step: number;
  private readonly lineEnd: string;
  private readonly bom: string;

  constructor(private readonly random: Random) {
    this.step = random.whole(1, 6);
    this.lineEnd = random.chance(0.15) ? '\r\n' : '\n';
    this.bom = random.chance(0.1) ? '\ufeff' : '';
  }

  document(tree: Branch): string {
    this.between(0);
    if (this.random.chance(0.2)) this.endLine('---');
    this.block(tree, 0);
    this.between(0);
    return `${this.bom}${this.text.replaceAll('\n', this.lineEnd)}`;
  }

  private write(text: string): void {
    this.text += text;
    this.column += text.length;
  }

  private endLine(text = ''): void {
    this.write(text);
    if (this.random.chance(0.15)) this.write(`${' '.repeat(this.random.whole(1, 3))}# note: {a "remark} é`);
    this.newLine();
  }

  private newLine(): void {
    this.text += '\n';
    this.line += 1;
    this.column = 1;
  }

  private between(indent: number): void {
    while (this.random.chance(0.15)) {
      this.write(this.random.chance(0.5) ? `${' '.repeat(indent)}# key: [unfinished, "text` : '');
      this.newLine();
    }
  }

  private spaces(): void {
    this.write(' '.repeat(this.random.chance(0.8) ? 1 : this.random.whole(2, 4)));
  }

  private note(mark: Mark | undefined, of: Mark['of']): void {
    if (mark?.of === of) this.places.set(mark.id, { line: this.line, column: this.column });
  }

  private key(name: string, child: Leaf | Branch): void {
    this.note(child instanceof Leaf ? child.mark : undefined, 'key');
    this.write(this.random.pick([name, name, name, `"${name}"`, `'${name}'`]));
    this.write(':');
  }

  private block(tree: Branch, indent: number): void {
    for (const [name, child] of this.random.shuffled(tree)) {
      this.between(indent);
      this.write(' '.repeat(indent));
      this.key(name, child);
      if (child instanceof Leaf || this.random.chance(0.35)) {
        this.spaces();
        this.inline(child, indent);
        this.endLine();
      } else {
        this.endLine();
        this.block(child, indent + this.step);
      }
    }
  }

  private inline(child: Leaf | Branch, indent: number): void {
    if (child instanceof Leaf) {
      this.note(child.mark, 'value');
      this.write(child.text);
      return;
    }
    this.write('{');
    this.random.shuffled(child).forEach(([name, grandchild], index) => {
      if (index > 0) this.write(',');
      if (this.random.chance(0.2)) {
        this.endLine();
        this.write(' '.repeat(indent + this.random.whole(1, 5)));
      } else this.write(' '.repeat(this.random.whole(0, 2)));
      this.key(name, grandchild);
      this.spaces();
      this.inline(grandchild, indent);
    });
    this.write(this.random.pick(['', ' ']));
    this.write('}');
  }
}
