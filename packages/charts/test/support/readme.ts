import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE } from './compile';

/** A code block of the README. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The nearest heading above it. */
  readonly heading: string;
}

export interface Section {
  /** Without `#` and backquotes. */
  readonly heading: string;
  /** The whole text below the heading, without that of the next heading. */
  readonly text: string;
}

const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');

export const SECTIONS: readonly Section[] = README.split(/^#+ /m).map((part) => {
  const [heading = '', ...lines] = part.split('\n');
  return { heading: heading.replaceAll('`', ''), text: lines.join('\n') };
});

export const CODE_BLOCKS: readonly CodeBlock[] = SECTIONS.flatMap(({ heading, text }) =>
  Array.from(text.matchAll(/^```(\w+)\n([^]*?)^```$/gm), ([, language = '', code = '']) => ({
    heading,
    language,
    code,
  })),
);

/** The signatures of the combinator of a section: inline code that begins with its name and a parenthesis or type parameters. */
export const signaturesOf = ({ heading, text }: Section): string[] =>
  Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code).filter(
    (code) => (code.startsWith(`${heading}(`) || code.startsWith(`${heading}<`)) && code.includes('): '),
  );
