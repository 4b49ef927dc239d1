import { hasPlaceholder } from '../view/placeholders';

interface Named {
  readonly kind: string;
  readonly id: string;
  /** The ids of the construct and those around it. */
  readonly path: string;
}

/** A name for the template of each resource: its kind, and as much of its place as tells it from others. */
export function fileNames(resources: readonly Named[]): string[] {
  const taken = new Set<string>();
  return resources.map(({ kind, id, path }) => {
    const alike = resources.filter((other) => word(other.kind) === word(kind));
    const isAlone = alike.filter((other) => word(other.id) === word(id)).length === 1;
    const place = alike.length === 1 ? [] : [word(isAlone ? id : path)];
    const name = [word(kind).toLowerCase(), ...place].join('-');
    let free = name;
    for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name}-${String(count)}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** What of a text may stand in the name of a file. A kind that is known only when the chart is used is an object. */
const word = (text: string): string => (hasPlaceholder(text) ? 'object' : text.replace(/[^A-Za-z0-9._-]+/g, '-'));
