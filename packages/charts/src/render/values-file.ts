import { z } from 'zod';
import { defaultsOf, unwrap } from '../schema/defaults';
import { at, type Tree } from '../schema/tree';
import { flow, scalar } from '../yaml/scalar';

/** In characters. */
const WIDTH = 110;

/** Helm treats a commented key as absent. */
export const valuesFile = (schema: z.core.$ZodType, heading: string): string =>
  [comment(heading, 0), ...entries(schema, undefined, 0, false)].map((lines) => `${lines.join('\n')}\n`).join('\n');

function entries(schema: z.core.$ZodType, given: Tree | undefined, depth: number, isComment: boolean): string[][] {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) throw new TypeError('values must be a mapping');
  return Object.entries(inner.shape).map(([key, child]) =>
    entry(key, child as z.core.$ZodType, at(given, [key]) as Tree | undefined, depth, isComment),
  );
}

function entry(
  key: string,
  schema: z.core.$ZodType,
  outer: Tree | undefined,
  depth: number,
  isComment: boolean,
): string[] {
  const { schema: inner, default: own, optional } = unwrap(schema);
  const given = outer ?? own;
  const meta = { ...(inner as z.ZodType).meta(), ...(schema as z.ZodType).meta() } as {
    description?: string;
    unit?: string;
  };
  if (inner instanceof z.ZodObject && !optional) {
    const isEmpty = Object.keys(given ?? defaultsOf(inner)).length === 0;
    const about = comment(meta.description ?? '', depth);
    const body = (isInComment: boolean): string[] => [
      `${scalar(key)}:`,
      ...indented(entries(inner, given, depth + 1, isInComment).flat()),
    ];
    if (isComment || !isEmpty) return [...about, ...body(isComment)];
    return [...about, `${scalar(key)}: {}`, '# In place of the line above:', ...body(true).map((line) => `# ${line}`)];
  }
  const unit = meta.unit === undefined ? '' : ` In ${meta.unit}.`;
  const isRequired = given === undefined && !optional;
  const about = comment(`${meta.description ?? ''}${unit}${isRequired ? ' Required.' : ''}`, depth);
  if (given !== undefined) return [...about, `${scalar(key)}: ${spaced(given)}`];
  return [...about, `${isComment ? '' : '# '}${scalar(key)}:`];
}

/** With a space after each comma and colon, as yamllint wants it. */
function spaced(value: Tree): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return flow(value);
  const parts = Object.entries(value).map(([key, child]) => `${flow(key)}: ${spaced(child)}`);
  return `{${parts.join(', ')}}`;
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** Some readers of YAML end a comment at more characters than `\n`. */
const BETWEEN_WORDS = /[\s\x00-\x1f\x7f-\x9f]+/;

function comment(text: string, depth: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(BETWEEN_WORDS).filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last === undefined || 2 * depth + last.length + word.length + 3 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
}
