import { z } from 'zod';
import { DNS_LABEL, LABEL_VALUE } from './names';
import { QUANTITY } from './quantity';
import { MANY_LINES, ONE_LINE, characters, isWellFormed } from './text';

/**
 * Schemas of single values. Each has one text, the accepted form, which is the message of all its errors (zod's `error`).
 */

/** A part of the schema that several places use. JSON Schemas refer to it by its name. */
export function shared<T extends z.ZodType>(id: string, make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make().meta({ id }));
}

/** Text that matches a pattern. `pattern` must mean the same in JavaScript and Go, because the chart's JSON Schema has it. */
export const matching = (pattern: RegExp, accepts: string, most = 253) =>
  z
    .string({ error: accepts })
    .max(most, { error: accepts, abort: true })
    .regex(pattern, { error: accepts, abort: true });

/** Any text on one line, at least one and at most `most` characters long. */
export const oneLine = (
  most: number,
  accepts = `text (in quotes if it looks like a number, a truth value or null) of 1 to ${String(most)} characters on one line, without control characters`,
) =>
  bounded(z.string({ error: accepts }).min(1, { error: accepts }).regex(ONE_LINE, { error: accepts }), most, accepts);

/** Any text, with newlines and tabs, at most `most` characters long. */
export const manyLines = (
  most: number,
  accepts = `text (in quotes if it looks like a number, a truth value or null) of at most ${String(most)} characters, without control characters but newline and tab`,
) => bounded(z.string({ error: accepts }).regex(MANY_LINES, { error: accepts }), most, accepts);

const bounded = (schema: z.ZodString, most: number, accepts: string) =>
  schema.refine((text) => characters(text) <= most && isWellFormed(text), { error: accepts }).meta({ maxLength: most });

/** A whole number. */
export const whole = (
  least: number,
  most: number,
  accepts = `a whole number from ${String(least)} to ${String(most)}`,
) => z.int({ error: accepts }).min(least, { error: accepts }).max(most, { error: accepts });

/**
 * A whole number, as a number or as text: older values files quote it.
 * @param pattern matches just the texts of the numbers in the range, for JSON Schema, which cannot compare texts
 */
export const wholeOrText = (least: number, most: number, what: string, pattern: RegExp) => {
  const accepts = `${what}: a whole number from ${String(least)} to ${String(most)}, with or without quotes`;
  return z.union([whole(least, most, accepts), matching(pattern, accepts, String(most).length)], { error: accepts });
};

export const flag = () => z.boolean({ error: 'true or false' });

export const oneOf = <const T extends readonly [string, ...string[]]>(...choices: T) =>
  z.enum(choices, { error: `one of ${choices.join(', ')}` });

const QUANTITY_FORM = 'a Kubernetes quantity that is not negative, such as 500m, 2, 1.5Gi or 512Mi';

/** A Kubernetes quantity, as text or as a number. */
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

/** The name of a Kubernetes object (RFC 1123 subdomain). */
export const objectName = shared('ObjectName', () =>
  matching(
    new RegExp(`^${SUBDOMAIN_PART}(\\.${SUBDOMAIN_PART})*$`),
    'a Kubernetes object name: at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends of each part',
  ),
);

/** The name of a namespace, or of another thing that must be one DNS label (RFC 1123). */
export const labelName = shared('LabelName', () =>
  matching(DNS_LABEL, 'at most 63 of a-z, 0-9 and -, with a letter or digit at both ends', 63),
);

const QUALIFIED_NAME = new RegExp(
  `^(${SUBDOMAIN_PART}(\\.${SUBDOMAIN_PART})*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`,
);

const QUALIFIED_NAME_FORM =
  'a name of at most 63 of A-Z, a-z, 0-9, -, _ and ., if wanted after a DNS prefix of at most 253 characters and a slash';

/** The key of a label or annotation (Kubernetes, "Labels and Selectors"): `name` or `prefix/name`. cdk8s cannot render `constructor`. */
export const qualifiedName = shared('QualifiedName', () =>
  matching(QUALIFIED_NAME, QUALIFIED_NAME_FORM, 317)
    .refine((name) => name.lastIndexOf('/') <= 253, { error: QUALIFIED_NAME_FORM })
    .refine((name) => name !== 'constructor', { error: 'any other name, as cdk8s cannot render this one' }),
);

/** The value of a label. */
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

/** An IPv4 address that a host can have. */
export const ipv4Address = () =>
  matching(new RegExp(`^(${OCTET}\\.){3}${OCTET}$`), 'an IPv4 address such as 172.16.0.2', 15);

/** A range of IPv4 addresses in CIDR form. */
export const ipv4Range = shared('Ipv4Range', () =>
  matching(
    new RegExp(`^(${OCTET}\\.){3}${OCTET}/(3[0-2]|[12]?[0-9])$`),
    'a range of IPv4 addresses such as 10.0.0.0/8',
    18,
  ).refine((range) => isNetworkAddress(range), {
    error: 'a range of IPv4 addresses whose host bits are zero, such as 10.0.0.0/8',
  }),
);

function isNetworkAddress(range: string): boolean {
  const [address = '', length = ''] = range.split('/');
  const bits = address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}

const URL_FORM = 'an https or http URL without credentials, spaces or $(';

/** A web address. Credentials are refused, because the URL is in Git and in the pod's environment. */
export const webAddress = () =>
  matching(
    /^https?:\/\/[A-Za-z0-9[][A-Za-z0-9.:\]_-]*([/?#][\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a~]*)?$/,
    URL_FORM,
    2048,
  ).refine((url) => !url.includes('$(') && URL.canParse(url), { error: URL_FORM });

/** A date and time with its zone (RFC 3339). */
export const dateTime = () =>
  z.iso.datetime({ offset: true, error: 'a date and time with its zone, such as 2027-01-31T18:00:00Z' });

/** An object with a fixed set of keys. Default: empty. */
export const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, { error: 'a mapping' }).prefault({} as never);

/** An object with a fixed set of keys, as an item of a list or under an optional key. */
export const object = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape, { error: 'a mapping' });

export const listField = <T extends z.ZodType>(item: T, most = 256) =>
  z.array(item, { error: 'a list' }).max(most, { error: `a list of at most ${String(most)} items` });
