import type { Tree } from '../schema/tree';

/** A mapping as the places of its keys and values in a table: what several have in common is kept once. */
export type Packed = readonly number[];

/** Puts data into a table, each value once. */
export class Table {
  readonly rows: unknown[];

  private readonly places: Map<string, number>;
  private readonly known = new Map<unknown, number>();

  /** @param rows what is in it already */
  constructor(rows: readonly unknown[] = []) {
    this.rows = [...rows];
    this.places = new Map(rows.map((row, place) => [JSON.stringify(row), place]));
  }

  /** The place of a value that JSON can hold. */
  place(value: unknown): number {
    const known = typeof value === 'object' && value !== null ? this.known.get(value) : undefined;
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    const place = this.places.get(text) ?? this.rows.push(value) - 1;
    this.places.set(text, place);
    this.known.set(value, place);
    return place;
  }

  pack(mapping: object): Packed {
    const entries = Object.entries(mapping).filter(([, value]) => value !== undefined);
    const keys = entries.map(([key]) => key);
    return [this.place(keys), ...entries.map(([, value]) => this.place(value))];
  }
}

/** The mapping that was packed. What is kept once is the same object in all. */
export function unpack([keys = -1, ...values]: Packed, rows: readonly unknown[]): Record<string, Tree> {
  const names = rows[keys] as readonly string[];
  return Object.fromEntries(names.map((name, index) => [name, rows[values[index] ?? -1] as Tree]));
}
