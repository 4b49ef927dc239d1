import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import { flow, scalar } from './scalar';

/** Longest line of a comment. */
const WIDTH = 110;

/**
 * A chart's values.yaml: every key with its meaning as a comment and its default. Keys without a default stand as comments, so that
 * Helm takes them for absent.
 */
export const valuesFile = (schema: z.core.$ZodType, heading: string): string =>
  `${comment(heading, '')}\n${section(schema, '')}`;

function section(schema: z.core.$ZodType, indent: string): string {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) throw new TypeError('values are a mapping');
  return Object.entries(inner.shape)
    .map(([key, child]) => entry(key, child as z.core.$ZodType, indent))
    .join(indent === '' ? '\n' : '');
}

function entry(key: string, schema: z.core.$ZodType, indent: string): string {
  const { schema: inner, default: given, optional } = unwrap(schema);
  const meta = { ...(inner as z.ZodType).meta(), ...(schema as z.ZodType).meta() } as {
    description?: string;
    unit?: string;
  };
  const unit = meta.unit === undefined ? '' : ` In ${meta.unit}.`;
  if (inner instanceof z.ZodObject && !optional) {
    const body = section(inner, `${indent}  `);
    const isEmpty = Object.values(inner.shape).every(
      (child) => unwrap(child as z.core.$ZodType).default === undefined && !isSection(child as z.core.$ZodType),
    );
    return `${comment(meta.description ?? '', indent)}${indent}${scalar(key)}:${isEmpty ? ' {}' : ''}\n${body}`;
  }
  const isRequired = given === undefined && !optional;
  const about = comment(`${meta.description ?? ''}${unit}${isRequired ? ' Required.' : ''}`, indent);
  return given === undefined
    ? `${about}${indent}# ${scalar(key)}:\n`
    : `${about}${indent}${scalar(key)}: ${flow(given)}\n`;
}

function isSection(schema: z.core.$ZodType): boolean {
  const { schema: inner, optional } = unwrap(schema);
  return inner instanceof z.ZodObject && !optional;
}

function comment(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || indent.length + last.length + word.length + 3 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${indent}# ${line}\n`).join('');
}
