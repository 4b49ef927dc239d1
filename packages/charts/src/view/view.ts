/** Complete values, or the symbols of a chart. Combinators read all but text and numbers. */
export type View<T> = {
  readonly [K in keyof T]-?: undefined extends T[K]
    ? Optional<NonNullable<T[K]>>
    : null extends T[K]
      ? Optional<NonNullable<T[K]>>
      : Leaf<T[K]>;
};

declare const CONTENT: unique symbol;

/** A boolean: TypeScript does not let `if`, `?:` or `!` test a void. */
export type Bool = void;

/** Text for template literals: its methods do not compile. */
export type Text = string & { readonly [K in keyof string]: never };

/** For `isSet`, `orElse`, `optional` and `present`. */
export interface Optional<T> {
  (use: 'isSet, orElse, optional or present'): never;
  readonly [CONTENT]: T;
}

/** For `is` and `text`. */
export interface Choice<T extends string> {
  (use: 'is or text'): never;
  readonly [CONTENT]: T;
}

/** A number or a text, for `text` and `quantity`. */
export interface Scalar {
  (use: 'text or quantity'): never;
  readonly [CONTENT]: string | number;
}

/** For `list`, `each`, `spread`, `isEmpty` and `hasItem`. */
export interface List<T> {
  (use: 'list, each, spread, isEmpty or hasItem'): never;
  readonly [CONTENT]: T;
}

/** For `map`, `merge`, `overlay`, `quantities` and `entry`. */
export interface OpenMap<T> {
  (use: 'map, merge, overlay, quantities or entry'): never;
  readonly [CONTENT]: T;
  /** Makes `{...map}` a compile error where a map is expected. */
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

/** The view of complete values. */
export const concreteView = <T>(values: T): View<T> => values as unknown as View<T>;

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the one place where a view is opened
export const opened = <T>(value: unknown): T => value as T;
