import { parse } from 'yaml';
import { z } from 'zod';
import { valuesFile } from '../../src/render/values-file';

const S = z.strictObject;

describe('values.yaml', () => {
  const text = (schema: z.ZodType): string => valuesFile(schema, 'Values.');

  it.each(['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\n\n'])(
    'keeps a description with %j in comments',
    (end) => {
      const schema = S({ x: z.string().default('a').describe(`first${end}second: line`) });
      expect(text(schema)).toBe('# Values.\n\n# first second: line\nx: "a"\n');
    },
  );

  it('has the defaults of whole objects, and prefaults', () => {
    const schema = S({
      r: S({ cpu: z.string(), note: z.string().optional() }).default({ cpu: '1' }),
      p: z.string().prefault('x'),
    });
    expect(parse(text(schema))).toEqual({ r: { cpu: '1' }, p: 'x' });
  });

  it('has a section without defaults as {}, and its keys as a comment', () => {
    const schema = S({
      session: S({ id: z.string().describe('The id.'), inner: S({ a: z.int() }) }).describe('About.'),
    });
    expect(text(schema)).toBe(
      [
        '# Values.',
        '',
        '# About.',
        'session:',
        '  # The id. Required.',
        '  # id:',
        '  inner: {}',
        '  # In place of the line above:',
        '  # inner:',
        '  #   # Required.',
        '  #   a:',
        '',
      ].join('\n'),
    );
  });
});
