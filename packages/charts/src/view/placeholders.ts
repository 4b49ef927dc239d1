import { joined, literal, type Expression } from './expression';

/** What a placeholder stands for. */
export type Entry =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'mark'; readonly mark: Mark; readonly content: unknown }
  | {
      readonly kind: 'map';
      readonly expression: Expression;
      readonly asText: boolean;
      /** Keys that stand beside the map and win over its own. */
      readonly fixed: readonly string[];
      /** Whether the map was copied into another object, which is there when the map is empty. */
      readonly isCopied: boolean;
    };

/**
 * Says of a leaf that the part of the object `up` levels above it is there on a condition, once for each item of a list, taken over as
 * it is, or printed by a named template. Leaves carry the marks because cdk8s keeps leaves and nothing else.
 */
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
  found?: string;
  /** The other spelling of the same: one of them is enough. */
  twin?: Issued;
}

/** Halves of a character, which no text has: JSON.stringify and whatever else takes text apart spoils them, and the value counts as lost. */
const OPEN = '\uD800';
const CLOSE = '\uDC00';
const SPOILED = /\\ud800\d+\\udc00/;
const ANY = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');
const WHOLE = new RegExp(`^${OPEN}(\\d+)${CLOSE}$`);

export const hasPlaceholder = (text: string): boolean => text.includes(OPEN);

/** Whether a text was made of a placeholder by JSON.stringify. */
export const hasSpoiledPlaceholder = (text: string): boolean => SPOILED.test(text);

/**
 * The placeholders of one rendering. Each is issued once and must be found again, in an object or inside another expression: one that is
 * lost is a value that a construct or a generated class dropped, and the chart would be silently wrong.
 */
export class Placeholders {
  private readonly issued: Issued[] = [];
  private marks = 0;

  issue(entry: Entry): string {
    this.issued.push({ entry });
    return `${OPEN}${String(this.issued.length - 1)}${CLOSE}`;
  }

  /** Says that two placeholders stand for the same, of which one must be found. */
  pair(one: string, other: string): void {
    const [first, second] = [this.peekIssued(one), this.peekIssued(other)];
    if (first === undefined || second === undefined) return;
    first.twin = second;
    second.twin = first;
  }

  /** What a text stands for, without it counting as found. */
  peek(text: string): Entry | undefined {
    return this.peekIssued(text)?.entry;
  }

  /** Runs something that reads what was built and leaves no trace in the placeholders. */
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

  /** What a text stands for that is one placeholder and nothing else. */
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
        throw new TypeError(`${finder}: a value that is there on a condition stands inside a text`);
      parts.push(entry.expression);
      last = match.index + match[0].length;
    }
    if (last < text.length) parts.push(text.slice(last));
    const [only] = parts;
    if (only === undefined) return literal('');
    return parts.length === 1 && typeof only !== 'string' ? only : joined(parts);
  }

  /** @throws Error that names each value that was lost and the construct next to which it was */
  expectNoneLost(): void {
    const lost = this.issued.flatMap((issued, index) =>
      issued.found === undefined && issued.twin?.found === undefined
        ? [`  ${spelled(issued.entry)} in ${this.near(index)}`]
        : [],
    );
    if (lost.length > 0)
      throw new Error(`values that constructs read but that reach no object:\n${Array.from(new Set(lost)).join('\n')}`);
  }

  private peekIssued(text: string): Issued | undefined {
    const match = WHOLE.exec(text);
    return match ? this.issued[Number(match[1])] : undefined;
  }

  private find(index: number, finder: string): Entry {
    const issued = this.issued[index];
    if (issued === undefined) throw new Error(`${finder}: a placeholder of another rendering`);
    issued.found ??= finder;
    return issued.entry;
  }

  /** The object in which the nearest placeholder was found: values are read close to where they are used. */
  private near(index: number): string {
    for (let distance = 1; distance < this.issued.length; distance += 1) {
      const found = this.issued[index - distance]?.found ?? this.issued[index + distance]?.found;
      if (found !== undefined && found !== EXPRESSION) return found;
    }
    return 'no object';
  }
}

/** The finder of placeholders that become part of an expression. */
export const EXPRESSION = '(an expression)';

function spelled(entry: Entry): string {
  if (entry.kind === 'mark')
    return entry.mark.meaning.kind === 'when'
      ? `what is there when ${entry.mark.meaning.condition.js}`
      : `a part by ${entry.mark.meaning.kind}`;
  return entry.expression.js;
}

let active: Placeholders | undefined;

/** Runs `build` with placeholders of its own. */
export function withPlaceholders<T>(build: (placeholders: Placeholders) => T): T {
  if (active !== undefined) throw new Error('a chart cannot be built while another is');
  active = new Placeholders();
  try {
    return build(active);
  } finally {
    active = undefined;
  }
}

/** Whether symbols are in use: a chart is built, not the objects of known values. */
export const isBuildingChart = (): boolean => active !== undefined;

/** The placeholders of the rendering under way. */
export function placeholders(): Placeholders {
  if (active === undefined) throw new Error('a symbol was used outside of the rendering it belongs to');
  return active;
}
