import { type Expression, joined, literal } from './expression';

export type Entry =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'mark'; readonly mark: Mark; readonly content: unknown }
  | {
      readonly kind: 'map';
      readonly expression: Expression;
      readonly asText: boolean;
      readonly fixed: readonly string[];
      readonly isCopied: boolean;
    };

export interface Mark {
  readonly id: number;
  readonly up: number;
  readonly meaning:
    | { readonly kind: 'when'; readonly condition: Expression }
    | { readonly kind: 'each'; readonly list: Expression; readonly variable: Pick<Expression, 'js' | 'go'> }
    | { readonly kind: 'passed'; readonly expression: Expression }
    | { readonly kind: 'named'; readonly name: string };
}

interface Issued {
  readonly entry: Entry;
  finder?: string;
  /** For the same value: one of the two must be found. */
  twin?: Issued;
}

/** Unpaired surrogates: no text has them, and JSON.stringify escapes them. */
const OPEN = '\uD800';
const CLOSE = '\uDC00';
/** cdk8s sorts keys as text: keys that are placeholders keep their order. */
const DIGITS = 9;
const SPOILED = /\\ud800\d+\\udc00/;
const ANY = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');
const WHOLE = new RegExp(`^${OPEN}(\\d+)${CLOSE}$`);

export const hasPlaceholder = (text: string): boolean => text.includes(OPEN);

export const hasSpoiledPlaceholder = (text: string): boolean => SPOILED.test(text);

/** A placeholder that no object has is a value that a construct or a generated class dropped. */
export class Placeholders {
  readonly loops: string[] = [];
  private readonly issued: Issued[] = [];
  private marks = 0;

  issue(entry: Entry): string {
    this.issued.push({ entry });
    return `${OPEN}${String(this.issued.length - 1).padStart(DIGITS, '0')}${CLOSE}`;
  }

  pair(one: string, other: string): void {
    const [first, second] = [this.peekIssued(one), this.peekIssued(other)];
    if (first === undefined || second === undefined) return;
    first.twin = second;
    second.twin = first;
  }

  peek(text: string): Entry | undefined {
    return this.peekIssued(text)?.entry;
  }

  withoutTrace<T>(read: () => T): T {
    const count = this.issued.length;
    try {
      return read();
    } finally {
      this.issued.length = count;
    }
  }

  nextMark(): number {
    return (this.marks += 1);
  }

  whole(text: string, finder: string): Entry | undefined {
    const match = WHOLE.exec(text);
    return match ? this.find(Number(match[1]), finder) : undefined;
  }

  expressionOf(text: string, finder: string): Expression {
    const parts: (string | Expression)[] = [];
    let last = 0;
    for (const match of text.matchAll(ANY)) {
      if (match.index > last) parts.push(text.slice(last, match.index));
      const entry = this.find(Number(match[1]), finder);
      if (entry.kind !== 'expression')
        throw new TypeError(`${finder}: a text contains a value of when. Fix: use choose`);
      parts.push(entry.expression);
      last = match.index + match[0].length;
    }
    if (last < text.length) parts.push(text.slice(last));
    const [only] = parts;
    if (only === undefined) return literal('');
    return parts.length === 1 && typeof only !== 'string' ? only : joined(parts);
  }

  /** @throws Error with each value that reaches no object, and a construct near its read */
  expectAllFound(): void {
    const missing = this.issued.flatMap((issued, index) =>
      issued.finder === undefined && issued.twin?.finder === undefined
        ? [`  ${describe(issued.entry)} in ${this.near(index)}`]
        : [],
    );
    if (missing.length > 0)
      throw new Error(
        `values that constructs read but that reach no object:\n${Array.from(new Set(missing)).join('\n')}`,
      );
  }

  private peekIssued(text: string): Issued | undefined {
    const match = WHOLE.exec(text);
    return match ? this.issued[Number(match[1])] : undefined;
  }

  private find(index: number, finder: string): Entry {
    const issued = this.issued[index];
    if (issued === undefined) throw new Error(`${finder}: a placeholder of another rendering`);
    issued.finder ??= finder;
    return issued.entry;
  }

  private near(index: number): string {
    for (let distance = 1; distance < this.issued.length; distance += 1) {
      const finder = this.issued[index - distance]?.finder ?? this.issued[index + distance]?.finder;
      if (finder !== undefined && finder !== EXPRESSION) return finder;
    }
    return 'no object';
  }
}

export const EXPRESSION = '(an expression)';

function describe(entry: Entry): string {
  if (entry.kind !== 'mark') return entry.expression.js;
  const { meaning } = entry.mark;
  return meaning.kind === 'when' ? `a value when ${meaning.condition.js}` : `a value of ${meaning.kind}`;
}

let active: Placeholders | undefined;

export function withPlaceholders<T>(build: (placeholders: Placeholders) => T): T {
  if (active !== undefined) throw new Error('a chart is being built while another one is');
  active = new Placeholders();
  try {
    return build(active);
  } finally {
    active = undefined;
  }
}

export const isBuildingChart = (): boolean => active !== undefined;

export function placeholders(): Placeholders {
  if (active === undefined) throw new Error('a symbol is used outside of the rendering that made it');
  return active;
}
