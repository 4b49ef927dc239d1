/**
 * A view is what constructs see of values. They read strings and numbers from it as usual, and everything that decides about the shape
 * of an object (truth values, what may be absent, choices, lists, open maps) through the combinators of `combinators.ts`. So the same construct
 * serves plain values and, in a chart, symbols that stand for values known only later. The types make anything else a compile error.
 */
export type View<T> = {
  readonly [K in keyof T]-?: undefined extends T[K]
    ? Optional<NonNullable<T[K]>>
    : null extends T[K]
      ? Optional<NonNullable<T[K]>>
      : Leaf<T[K]>;
};

declare const CONTENT: unique symbol;

/** A truth value: for `when`, `choose`, `and`, `or`, `not`, `include` and `asBoolean`. Being void, it cannot be tested by `if`, `?:`, `!`, `&&`, `||`. */
export type Bool = void;

/** Text that can be used whole or in a template literal, but not taken apart. */
export type Text = string & { readonly [K in keyof string]: never };

/** What may be absent: for `isSet`, `orElse`, `optional`, `present`. */
export interface Optional<T> {
  (use: 'isSet, orElse, optional or present'): never;
  readonly [CONTENT]: T;
}

/** One of a few words: for `is` and `text`. */
export interface Choice<T extends string> {
  (use: 'is or text'): never;
  readonly [CONTENT]: T;
}

/** A number or a text: for `text` and `quantity`. */
export interface Scalar {
  (use: 'text or quantity'): never;
  readonly [CONTENT]: string | number;
}

/** A list: for `list`, `each` and `isEmpty`. */
export interface List<T> {
  (use: 'list, each or isEmpty'): never;
  readonly [CONTENT]: T;
}

/** A map with keys of the user's own: for `map`, `merge`, `quantities` and `entry`. */
export interface OpenMap<T> {
  (use: 'map, merge, quantities or entry'): never;
  readonly [CONTENT]: T;
  /** Keeps `{...map}` out of every place where a map is wanted. */
  readonly 'use map, merge or quantities': typeof CONTENT;
}

export type Leaf<T> = [T] extends [boolean]
  ? Bool
  : [T] extends [string]
    ? string extends T
      ? Text
      : Choice<T>
    : [T] extends [number]
      ? number
      : [T] extends [string | number]
        ? Scalar
        : [T] extends [readonly (infer U)[]]
          ? List<U>
          : string extends keyof T
            ? OpenMap<T[keyof T]>
            : View<T>;

/** The view of values that are known: each value stands for itself. */
export const concreteView = <T>(values: T): View<T> => values as unknown as View<T>;
