import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { GIT_ATTRIBUTES, SOURCE_IGNORE } from '../core/consumers/files';
import { excludingPattern, matches, patternsIn, type IgnorePattern } from '../core/consumers/ignore-patterns';
import type { Problem } from '../core/diagnostics';
import { readableText, statOf, withSlashes } from '../core/safe-path';
import { plural } from '../core/text';
import { OUTPUT_FOLDER } from '../model/project';

/** A file above the generated folders that says how programs read them. */
interface OuterFile {
  /** From the project, such as `../.sourceignore`. */
  readonly file: string;
  /** From the top of the repository; empty for the top. */
  readonly domain: string;
  readonly text: string;
}

/** Of the top of the repository, and of each folder down to the project. */
function outerFiles(project: string, name: string): { readonly prefix: string; readonly found: OuterFile[] } {
  const folder = realpathSync(project === '' ? '.' : project);
  const parts = folder.split(sep);
  const places = parts.map((_, index) => parts.slice(0, parts.length - index).join(sep) || sep);
  const top = places.find((place) => statOf(join(place, '.git')) !== undefined) ?? folder;
  const inside = places.filter((place) => place === top || place.startsWith(top.endsWith(sep) ? top : top + sep));
  const found = inside.reverse().flatMap((place): OuterFile[] => {
    const text = readableText(join(place, name));
    if (text === undefined) return [];
    return [
      { file: withSlashes(join(relative(folder, place), name)), domain: withSlashes(relative(top, place)), text },
    ];
  });
  return { prefix: withSlashes(relative(top, folder)), found };
}

/** Whether they name any file. The cache of earlier results does not know them. */
export const hasOuterRules = (project: string): boolean =>
  outerFiles(project, SOURCE_IGNORE).found.length > 0 ||
  attributeRulesIn(outerFiles(project, GIT_ATTRIBUTES).found).some(({ isSet }) => isSet);

/** A rule of such a file that concerns the output. */
export interface OuterRule {
  readonly problem: Problem;
  /** Files of the output that Flux does not see. */
  readonly hides: readonly string[];
}

/** @param paths of the output, from the top of the project */
export const outerRules = (project: string, paths: readonly string[]): OuterRule[] => [
  ...ignoredOutput(project, paths),
  ...filteredOutput(project, paths),
];

/** Flux deletes the objects of files that are no longer in its source. */
function ignoredOutput(project: string, paths: readonly string[]): OuterRule[] {
  const { prefix, found } = outerFiles(project, SOURCE_IGNORE);
  const patterns = found.flatMap(({ file, domain, text }) =>
    patternsIn(text, domain).map((pattern) => ({ ...pattern, file })),
  );
  const hidden = new Map<(typeof patterns)[number], string[]>();
  for (const path of patterns.length === 0 ? [] : paths) {
    const pattern = excludingPattern(patterns, within(prefix, path));
    if (pattern !== undefined) hidden.set(pattern, [...(hidden.get(pattern) ?? []), path]);
  }
  return Array.from(hidden, ([{ file, line, text }, [first = '', ...more]]) => {
    const others = more.length === 0 ? '' : ` and ${plural(more.length, 'more generated file')}`;
    const message = `has the pattern ${text.trim()}, which leaves ${first}${others} out of Flux's source: Flux deletes their objects. Fix: remove the pattern, or add !/${within(prefix, OUTPUT_FOLDER)}/** after it`;
    return { problem: leftOut(file, line, message), hides: [first, ...more] };
  });
}

const leftOut = (file: string, line: number, message: string): Problem => ({
  ...{ severity: 'error', code: 'left-out', file, line, column: 1, path: '', message },
});

/** Attributes by which Git checks out other bytes than it stores (Git, "gitattributes"). */
const CHANGING = /^([-!]?)(filter|working-tree-encoding|ident)(=.*)?$/;

interface AttributeRule extends IgnorePattern {
  readonly file: string;
  /** Such as `filter=lfs`. */
  readonly attribute: string;
  readonly name: string;
  readonly isSet: boolean;
}

/** Flux reads files as they are committed. A filter of Git shows other ones to people and to checks. */
function filteredOutput(project: string, paths: readonly string[]): OuterRule[] {
  const { prefix, found } = outerFiles(project, GIT_ATTRIBUTES);
  const rules = attributeRulesIn(found);
  const hits = new Map<AttributeRule, string>();
  for (const path of rules.length === 0 ? [] : paths) {
    const last = new Map(rules.filter((rule) => fits(rule, within(prefix, path))).map((rule) => [rule.name, rule]));
    for (const rule of last.values()) if (rule.isSet && !hits.has(rule)) hits.set(rule, path);
  }
  return Array.from(hits, ([{ file, line, attribute, name }, path]) => {
    const message = `sets ${attribute} for ${path}: Git checks out other bytes than Flux reads. Fix: remove the attribute, or add ${within(prefix, OUTPUT_FOLDER)}/** !${name} after it`;
    return { problem: leftOut(file, line, message), hides: [] };
  });
}

const attributeRulesIn = (files: readonly OuterFile[]): AttributeRule[] =>
  files.flatMap(({ file, domain, text }) => patternsIn(text, domain).flatMap(attributeRules(file)));

const attributeRules =
  (file: string) =>
  (pattern: IgnorePattern): AttributeRule[] => {
    const [text = '', ...attributes] = pattern.text.trim().split(/\s+/);
    return attributes.flatMap((attribute) => {
      const [, sign, name] = CHANGING.exec(attribute) ?? [];
      return name === undefined ? [] : [{ ...pattern, text, file, attribute, name, isSet: sign === '' }];
    });
  };

/** Git, "gitattributes": a pattern without a slash is for names of files. */
const fits = ({ text, domain }: IgnorePattern, path: string): boolean =>
  text.includes('/')
    ? !text.endsWith('/') && matches({ text, domain }, path)
    : (domain === '' || path.startsWith(`${domain}/`)) &&
      matches({ text, domain: '' }, path.slice(path.lastIndexOf('/') + 1));

const within = (prefix: string, path: string): string => (prefix === '' ? path : `${prefix}/${path}`);
