/**
 * What stands for an open map among constructs. Taken over as a whole it is replaced when cdk8s resolves the object, and left out with its
 * key when the map is empty. Copied (`{...map(v.labels)}`, or by a class that makes an object of its own of it) only its keys are left, which
 * say so: then the object around them is there when the map is empty, too.
 */
export class OpenPart {
  readonly #whole: Readonly<Record<string, unknown>>;

  constructor(whole: Readonly<Record<string, unknown>>, copied: Readonly<Record<string, unknown>>) {
    this.#whole = whole;
    Object.assign(this, copied);
  }

  /** The entries that stand for the map, when it was not copied. */
  whole(): Readonly<Record<string, unknown>> {
    return this.#whole;
  }
}
