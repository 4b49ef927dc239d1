import { z } from 'zod';
import { defaultsOf, unwrap } from './defaults';
import { goPattern, PatternProblem } from './go-pattern';
import { type Path, pathText } from './path';
import { at, isMapping, type Tree } from './tree';

type Place = 'section' | 'inside';

interface Visit {
  readonly path: Path;
  readonly place: Place;
}

export function objectsInside(schema: z.core.$ZodType): ReadonlySet<z.core.$ZodType> {
  const found = new Set<z.core.$ZodType>();
  walk(schema, { path: [], place: 'section' }, new Set(), (each, { place }) => {
    if (place === 'inside' && each instanceof z.ZodObject) found.add(each);
  });
  return found;
}

/**
 * Zod can also change values, drop keys, and fill in defaults anywhere.
 * @throws TypeError with the path of the first value that Helm treats differently
 */
export function expectChartSchema(schema: z.core.$ZodType): void {
  if (!(unwrap(schema).schema instanceof z.ZodObject) || schema._zod.def.type !== 'object')
    throw new TypeError('the values of a chart must be a z.strictObject or z.object');
  const places = new Map<z.core.$ZodType, Visit>();
  walk(schema, { path: [], place: 'section' }, new Set(), (each, visit) => {
    expectSupported(each, visit);
    if (!(each instanceof z.ZodObject) || !hasDefaults(each)) return;
    const other = places.get(each);
    if (other !== undefined && other.place !== visit.place)
      refuse(
        visit,
        `the same schema with defaults as ${spelled(other.path)}: Helm fills in defaults at only one of the two paths. Fix: define the schema twice`,
      );
    places.set(each, visit);
  });
}

const spelled = (path: Path): string => (path.length === 0 ? 'the values' : pathText(path));

function refuse({ path }: Visit, why: string): never {
  throw new TypeError(`${spelled(path)}: ${why}`);
}

const hasDefaults = (schema: z.ZodObject): boolean =>
  Object.values(schema.shape).some((child) => unwrap(child as z.core.$ZodType).default !== undefined);

const WRAPPERS = ['default', 'prefault', 'optional', 'nullable', 'readonly'];

function walk(
  schema: z.core.$ZodType,
  { path, place }: Visit,
  seen: Set<z.core.$ZodType>,
  visit: (schema: z.core.$ZodType, visit: Visit) => void,
): void {
  if (place === 'inside' && seen.has(schema)) return;
  if (place === 'inside') seen.add(schema);
  visit(schema, { path, place });
  const within = (child: unknown, key: string | number | undefined, at: Place = 'inside'): void => {
    walk(child as z.core.$ZodType, { path: key === undefined ? path : [...path, key], place: at }, seen, visit);
  };
  const { def } = schema._zod;
  if (WRAPPERS.includes(def.type)) {
    const isAbsent = unwrap(schema).optional;
    within((def as z.core.$ZodOptionalDef).innerType, undefined, isAbsent ? 'inside' : place);
  } else if (schema instanceof z.ZodObject)
    for (const [key, child] of Object.entries(schema.shape)) within(child, key, place);
  else if (schema instanceof z.ZodArray) within(schema.element, 0);
  else if (schema instanceof z.ZodTuple)
    schema.def.items.forEach((item, index) => {
      within(item, index);
    });
  else if (schema instanceof z.ZodRecord) {
    within(schema.keyType, '(key)');
    within(schema.valueType, '*');
  } else if (schema instanceof z.ZodUnion)
    schema.options.forEach((option) => {
      within(option, undefined);
    });
  else if (schema instanceof z.ZodLazy) within(schema.def.getter(), undefined);
}

const SUPPORTED = [
  'string',
  'number',
  'boolean',
  'enum',
  'literal',
  'null',
  'any',
  'unknown',
  'never',
  'object',
  'array',
  'tuple',
  'record',
  'union',
  'lazy',
  ...WRAPPERS,
];

function expectSupported(schema: z.core.$ZodType, visit: Visit): void {
  const { def } = schema._zod;
  if (!SUPPORTED.includes(def.type))
    refuse(
      visit,
      `Helm has nothing like z.${def.type}. Fix: describe what values.yaml holds, and compute with textFunction`,
    );
  if ('coerce' in def && def.coerce === true)
    refuse(
      visit,
      'z.coerce changes the value, which Helm does not. Fix: use z.union([z.string(), z.number()]) and text',
    );
  for (const check of def.checks ?? [])
    if (check._zod.def.check === 'overwrite')
      refuse(visit, 'trim, toLowerCase and the like change the value, which Helm does not. Fix: check it by a regex');
  if (schema instanceof z.ZodURL && 'normalize' in def && def.normalize === true)
    refuse(visit, 'normalize changes the URL, which Helm does not. Fix: leave it out');
  if (WRAPPERS.includes(def.type)) expectDefault(schema, visit);
  expectPattern(schema, visit);
}

function expectDefault(schema: z.core.$ZodType, visit: Visit): void {
  const { schema: inner, default: given, optional } = unwrap(schema);
  if (given === undefined) return;
  if (optional)
    refuse(
      visit,
      'has a default and may be absent or null, but null removes the default in Helm. Fix: leave one of them out',
    );
  if (visit.place === 'section' && inner instanceof z.ZodObject && isMapping(given))
    expectMergeable(inner, given, visit);
}

/** Helm merges values into an object's default, zod replaces it: both must give the same. */
function expectMergeable(schema: z.ZodObject, given: Tree, { path, place }: Visit): void {
  if (!isMapping(given)) return;
  const own = defaultsOf(schema);
  for (const [key, child] of Object.entries(schema.shape)) {
    const here: Visit = { path: [...path, key], place };
    const { schema: inner, optional } = unwrap(child as z.core.$ZodType);
    const fix = 'Fix: give the keys defaults of their own, and the object .prefault({})';
    const [whole, alone] = [at(given, [key]) as Tree | undefined, at(own, [key])];
    if (whole === undefined && alone === undefined) continue;
    if (optional)
      refuse(
        here,
        `is absent when only other keys are given, but Helm keeps the default of the object around it. ${fix}`,
      );
    if (inner instanceof z.ZodObject && whole !== undefined) expectMergeable(inner, whole, here);
    else if (alone !== undefined && JSON.stringify(alone) !== JSON.stringify(whole))
      refuse(here, `has another default than in the default of the object around it. ${fix}`);
  }
}

function expectPattern(schema: z.core.$ZodType, visit: Visit): void {
  for (const pattern of ownPatterns(schema)) {
    try {
      goPattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternProblem)) throw error;
      refuse(visit, `Helm cannot read /${pattern.source}/${pattern.flags}: ${error.message}`);
    }
  }
}

function ownPatterns(schema: z.core.$ZodType): RegExp[] {
  return (schema._zod.def.checks ?? []).flatMap((check) => {
    const { pattern, format } = check._zod.def as { pattern?: RegExp; format?: string };
    return pattern !== undefined && format === 'regex' ? [pattern] : [];
  });
}
