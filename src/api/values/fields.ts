import { z } from 'zod';
import { meaningOfName, NAMES_WITH_MEANING } from '../../core/consumers/names';
import { DNS_LABEL, LABEL_VALUE } from './names';
import { QUANTITY } from './quantity';

/** YAML readers disagree on these characters. The form works in regular expressions of JavaScript and Go. */
const CONTROL = '\\x00-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff';
const CONTROL_BUT_NEWLINE_AND_TAB = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff';

const ONE_LINE = new RegExp(`^[^${CONTROL}]*$`, 'u');

const MANY_LINES = new RegExp(`^[^${CONTROL_BUT_NEWLINE_AND_TAB}]*$`, 'u');

/** Not only spaces. A file often ends with a line end, which is none of the password. */
const PASSWORD = new RegExp(`^[^${CONTROL}]*[^${CONTROL} ][^${CONTROL}]*(\\r?\\n)?$`, 'u');

/** Code points, as JSON Schema counts. */
export const characters = (text: string): number =>
  /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;

/** UTF-8 cannot hold surrogates. Some YAML readers take U+2028 and U+2029 for line breaks. */
const isWellFormed = (text: string): boolean => !/[\p{Surrogate}\u2028\u2029]/u.test(text);

/** The one error message of a schema is the accepted form. */

export function shared<T extends z.ZodType>(id: string, make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make().meta({ id }));
}

/** `pattern` must mean the same in JavaScript and Go: Helm checks the JSON Schema. */
export const matching = (pattern: RegExp, accepts: string, most = 253) =>
  z
    .string({ error: accepts })
    .max(most, { error: accepts, abort: true })
    .regex(pattern, { error: accepts, abort: true });

export const oneLine = (
  most: number,
  accepts = `text (in quotes if it looks like a number, a truth value or null) of 1 to ${String(most)} characters on one line, without control characters`,
) =>
  bounded(z.string({ error: accepts }).min(1, { error: accepts }).regex(ONE_LINE, { error: accepts }), most, accepts);

const PASSWORD_FORM = 'text of 1 to 1024 characters on one line, not only spaces, without control characters';

export const passwordText = () =>
  bounded(
    z.string({ error: PASSWORD_FORM }).min(1, { error: PASSWORD_FORM }).regex(PASSWORD, { error: PASSWORD_FORM }),
    1024,
    PASSWORD_FORM,
  );

export const manyLines = (
  most: number,
  accepts = `text (in quotes if it looks like a number, a truth value or null) of at most ${String(most)} characters, without control characters but newline and tab`,
) => bounded(z.string({ error: accepts }).regex(MANY_LINES, { error: accepts }), most, accepts);

const bounded = (schema: z.ZodString, most: number, accepts: string) =>
  schema.refine((text) => characters(text) <= most && isWellFormed(text), { error: accepts }).meta({ maxLength: most });

export const whole = (
  least: number,
  most: number,
  accepts = `a whole number from ${String(least)} to ${String(most)}`,
) => z.int({ error: accepts }).min(least, { error: accepts }).max(most, { error: accepts });

/**
 * Older values files quote numbers.
 * @param pattern for JSON Schema, which cannot compare text
 */
export const wholeOrText = (least: number, most: number, what: string, pattern: RegExp) => {
  const accepts = `${what}: a whole number from ${String(least)} to ${String(most)}, with or without quotes`;
  return z.union([whole(least, most, accepts), matching(pattern, accepts, String(most).length)], { error: accepts });
};

export const flag = () => z.boolean({ error: 'true or false' });

export const oneOf = <const T extends readonly [string, ...string[]]>(...choices: T) =>
  z.enum(choices, { error: `one of ${choices.join(', ')}` });

const QUANTITY_FORM = 'a Kubernetes quantity that is not negative, such as 500m, 2, 1.5Gi or 512Mi';

export const quantityField = shared('Quantity', () =>
  z
    .union(
      [
        matching(QUANTITY, QUANTITY_FORM, 32),
        z
          .number({ error: QUANTITY_FORM })
          .min(0, { error: QUANTITY_FORM })
          .max(999_999_999_999_999, { error: QUANTITY_FORM }),
      ],
      {
        error: QUANTITY_FORM,
      },
    )
    .refine((given) => typeof given === 'string' || QUANTITY.test(String(given)), { error: QUANTITY_FORM }),
);

const SUBDOMAIN_PART = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

/** RFC 1123 subdomain. */
export const objectName = shared('ObjectName', () =>
  matching(
    new RegExp(`^${SUBDOMAIN_PART}(\\.${SUBDOMAIN_PART})*$`),
    'a Kubernetes object name: at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends of each part',
  ),
);

/** RFC 1123 label. */
export const labelName = shared('LabelName', () =>
  matching(DNS_LABEL, 'at most 63 of a-z, 0-9 and -, with a letter or digit at both ends', 63),
);

/** Also the name of a file that programs read: refuses names that mean something to one of them. */
export const fileName = (schema: z.ZodType<string>) =>
  schema
    .superRefine((name, context) => {
      const meaning = meaningOfName(name);
      if (meaning !== undefined) context.addIssue({ code: 'custom', message: `another name: ${meaning}` });
    })
    .meta({ not: { enum: [...NAMES_WITH_MEANING] } });

const QUALIFIED_NAME = new RegExp(
  `^(${SUBDOMAIN_PART}(\\.${SUBDOMAIN_PART})*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`,
);

const QUALIFIED_NAME_FORM =
  'a name of at most 63 of A-Z, a-z, 0-9, -, _ and ., if wanted after a DNS prefix of at most 253 characters and a slash';

/** Kubernetes, "Labels and Selectors". cdk8s cannot render `constructor`. */
export const qualifiedName = shared('QualifiedName', () =>
  matching(QUALIFIED_NAME, QUALIFIED_NAME_FORM, 317)
    .refine((name) => name.lastIndexOf('/') <= 253, { error: QUALIFIED_NAME_FORM })
    .refine((name) => name !== 'constructor', { error: 'any other name, as cdk8s cannot render this one' }),
);

export const labelText = shared('LabelValue', () =>
  matching(
    LABEL_VALUE,
    'text (in quotes if it looks like a number, a truth value or null) of at most 63 of A-Z, a-z, 0-9, -, _ and ., with a letter or digit at both ends',
    63,
  ),
);

export const labelMap = shared('Labels', () =>
  z.record(qualifiedName(), labelText(), { error: 'a mapping of label names to label values' }),
);

export const annotationMap = shared('Annotations', () =>
  z.record(
    qualifiedName(),
    manyLines(
      131072,
      'text (in quotes if it looks like a number, a truth value or null), without control characters but newline and tab',
    ),
    {
      error: 'a mapping of annotation names to text',
    },
  ),
);

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

export const ipv4Address = () =>
  matching(new RegExp(`^(${OCTET}\\.){3}${OCTET}$`), 'an IPv4 address such as 172.16.0.2', 15);

export const ipv4Range = shared('Ipv4Range', () =>
  matching(
    new RegExp(`^(${OCTET}\\.){3}${OCTET}/(3[0-2]|[12]?[0-9])$`),
    'a range of IPv4 addresses such as 10.0.0.0/8',
    18,
  ).refine((range) => isNetworkAddress(range), {
    error: 'a range of IPv4 addresses whose host bits are zero, such as 10.0.0.0/8',
  }),
);

export function isNetworkAddress(range: string): boolean {
  const [address = '', length = ''] = range.split('/');
  const bits = address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}

const URL_FORM = 'an https or http URL without credentials, spaces or $(';

/** Rejects credentials: Git and the pod's environment show the URL. */
export const webAddress = () =>
  matching(
    /^https?:\/\/[A-Za-z0-9[][A-Za-z0-9.:\]_-]*([/?#][\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a~]*)?$/,
    URL_FORM,
    2048,
  ).refine((url) => !url.includes('$(') && URL.canParse(url), { error: URL_FORM });

/** RFC 3339. */
export const dateTime = () =>
  z.iso.datetime({ offset: true, error: 'a date and time with its zone, such as 2027-01-31T18:00:00Z' });

export const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, { error: 'a mapping' }).prefault({} as never);

export const object = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape, { error: 'a mapping' });

export const listField = <T extends z.ZodType>(item: T, most = 256) =>
  z.array(item, { error: 'a list' }).max(most, { error: `a list of at most ${String(most)} items` });

/** RFC 1918, RFC 6598, and RFC 3927 (metadata services of clouds). */
export const blockedRanges = () =>
  listField(
    ipv4Range().refine((range) => !range.endsWith('/0'), { error: 'a range smaller than all addresses' }),
  ).default(['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']);
