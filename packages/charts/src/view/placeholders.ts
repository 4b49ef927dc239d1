import { type Expression, joined, literal } from './expression';

/** The meaning of a placeholder. */
export type Entry =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'mark'; readonly mark: Mark; readonly content: unknown }
  | {
      readonly kind: 'map';
      readonly expression: Expression;
      readonly asText: boolean;
      /** Keys beside the map, which win over its own. */
      readonly fixed: readonly string[];
      /** True when the map was copied into another object, which exists even when the map is empty. */
      readonly isCopied: boolean;
    };

/** Says how the part of the manifest `up` levels above a leaf is printed. Leaves carry marks because cdk8s keeps nothing else. */
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
  /** Another placeholder for the same value: one of the two must be found. */
  twin?: Issued;
}

/** Unpaired surrogates: no text has them, and JSON.stringify escapes them, which `hasSpoiledPlaceholder` sees. */
const OPEN = '\uD800';
const CLOSE = '\uDC00';
const SPOILED = /\\ud800\d+\\udc00/;
const ANY = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');
const WHOLE = new RegExp(`^${OPEN}(\\d+)${CLOSE}$`);

export const hasPlaceholder = (text: string): boolean => text.includes(OPEN);

/** True when JSON.stringify made the text of a placeholder. */
export const hasSpoiledPlaceholder = (text: string): boolean => SPOILED.test(text);

/**
 * The placeholders of one rendering. Each is issued once and must be found in an object or in another expression. One that is missing is a
 * value that a construct or a generated class dropped, without which the chart would be wrong.
 */
export class Placeholders {
  /** Go variables of the loops that are being built, the outermost first. */
  readonly loops: string[] = [];
  private readonly issued: Issued[] = [];
  private marks = 0;

  issue(entry: Entry): string {
    this.issued.push({ entry });
    return `${OPEN}${String(this.issued.length - 1)}${CLOSE}`;
  }

  /** Makes two placeholders stand for the same value: one of them must be found. */
  pair(one: string, other: string): void {
    const [first, second] = [this.peekIssued(one), this.peekIssued(other)];
    if (first === undefined || second === undefined) return;
    first.twin = second;
    second.twin = first;
  }

  /** The meaning of a text that is one placeholder. The placeholder does not count as found. */
  peek(text: string): Entry | undefined {
    return this.peekIssued(text)?.entry;
  }

  /** Runs a function that reads constructs, and forgets the placeholders that it issued. */
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

  /** The meaning of a text that is one placeholder. */
  whole(text: string, finder: string): Entry | undefined {
    const match = WHOLE.exec(text);
    return match ? this.find(Number(match[1]), finder) : undefined;
  }

  /** The expression of a text with placeholders in it. */
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

  /** @throws Error with each value that reaches no object, and the construct next to which it was read */
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

  /** The object that has the nearest placeholder: constructs read values close to where they use them. */
  private near(index: number): string {
    for (let distance = 1; distance < this.issued.length; distance += 1) {
      const finder = this.issued[index - distance]?.finder ?? this.issued[index + distance]?.finder;
      if (finder !== undefined && finder !== EXPRESSION) return finder;
    }
    return 'no object';
  }
}

/** The finder of placeholders that become part of an expression. */
export const EXPRESSION = '(an expression)';

function describe(entry: Entry): string {
  if (entry.kind !== 'mark') return entry.expression.js;
  const { meaning } = entry.mark;
  return meaning.kind === 'when' ? `a value when ${meaning.condition.js}` : `a value of ${meaning.kind}`;
}

let active: Placeholders | undefined;

/** Runs `build` with placeholders of its own. */
export function withPlaceholders<T>(build: (placeholders: Placeholders) => T): T {
  if (active !== undefined) throw new Error('a chart is being built while another one is');
  active = new Placeholders();
  try {
    return build(active);
  } finally {
    active = undefined;
  }
}

/** True while constructs read symbols, false while they read concrete values. */
export const isBuildingChart = (): boolean => active !== undefined;

/** The placeholders of the rendering that is running. */
export function placeholders(): Placeholders {
  if (active === undefined) throw new Error('a symbol is used outside of the rendering that made it');
  return active;
}
