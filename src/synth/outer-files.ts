import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { GIT_ATTRIBUTES, GIT_MODULES, SOURCE_IGNORE } from '../core/consumers/files';
import { excludingPattern, matches, patternsIn, type IgnorePattern } from '../core/consumers/ignore-patterns';
import type { Problem, ProblemCode } from '../core/diagnostics';
import { readableText, statOf, withSlashes } from '../core/safe-path';
import { plural } from '../core/text';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';

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
  attributeRulesIn(outerFiles(project, GIT_ATTRIBUTES).found).some(({ isSet }) => isSet) ||
  submodules(project).length > 0;

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
  ...submodules(project),
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

const leftOut = (file: string, line: number, message: string, code: ProblemCode = 'left-out'): Problem => ({
  ...{ severity: 'error', code, file, line, column: 1, path: '', message },
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

const attributeRulesIn = (files: readonly OuterFile[]): AttributeRule[] => {
  const lines = files.flatMap(({ file, domain, text }) =>
    patternsIn(text, domain).map((line): AttributeLine => ({ ...attributeLine(line), file })),
  );
  const macros = new Map(
    lines.flatMap(({ text, attributes }) => (text.startsWith(MACRO) ? [[text.slice(MACRO.length), attributes]] : [])),
  );
  return lines.flatMap(({ attributes, ...line }) =>
    attributes
      .flatMap((attribute) => [attribute, ...(macros.get(attribute) ?? [])])
      .flatMap((attribute): AttributeRule[] => {
        const [, sign, name] = CHANGING.exec(attribute) ?? [];
        return name === undefined || line.text.startsWith(MACRO) ? [] : [{ ...line, attribute, name, isSet: sign === '' }]; // prettier-ignore
      }),
  );
};

/** Git, "gitattributes": a name for several attributes, only in the top folder. */
const MACRO = '[attr]';

interface AttributeLine extends IgnorePattern {
  readonly file: string;
  readonly attributes: readonly string[];
}

/** A pattern with spaces is in quotes, with the escapes of C. */
function attributeLine(line: IgnorePattern): IgnorePattern & Pick<AttributeLine, 'attributes'> {
  const [whole = '', quoted] = /^\s*(?:"((?:[^"\\]|\\.)*)"|\S+)/.exec(line.text) ?? [];
  const text = quoted?.replace(/\\(.)/g, '$1') ?? whole.trim();
  const attributes = line.text.slice(whole.length).split(/\s+/).filter(Boolean);
  return { ...line, text, attributes };
}

/** Git, "gitattributes": a pattern without a slash is for names of files. A pattern fits whole paths, not their folders. */
const fits = ({ text, domain }: IgnorePattern, path: string): boolean => {
  const inside = domain === '' ? path : path.slice(domain.length + 1);
  if (domain !== '' && !path.startsWith(`${domain}/`)) return false;
  if (!text.includes('/')) return matches({ text, domain: '' }, inside.slice(inside.lastIndexOf('/') + 1));
  const isDeep = text.includes('**') || partsOf(text.replace(/^\//, '')) === partsOf(inside);
  return isDeep && !text.endsWith('/') && matches({ text, domain: '' }, inside);
};

const partsOf = (path: string): number => path.split('/').length;

/** A checkout without submodules shows an empty folder. Argo CD reads them, and Flux with recurseSubmodules. */
function submodules(project: string): OuterRule[] {
  const { prefix, found } = outerFiles(project, GIT_MODULES);
  return found
    .filter(({ domain }) => domain === '')
    .flatMap(({ file, text }) =>
      text.split(/\r?\n/).flatMap((line, index): OuterRule[] => {
        const [, given = ''] = /^\s*path\s*=\s*"?([^"]*?)"?\s*$/i.exec(line) ?? [];
        const folder = [OUTPUT_FOLDER, FLUX_FOLDER].find((name) => `${given}/`.startsWith(`${within(prefix, name)}/`));
        if (folder === undefined) return [];
        const message = `has a submodule at ${given}: Argo CD, and Flux with recurseSubmodules, apply files of another repository with ${folder}/, which nobody checks. Fix: remove the submodule`;
        return [{ problem: leftOut(file, index + 1, message, 'stray-file'), hides: [] }];
      }),
    );
}

const within = (prefix: string, path: string): string => (prefix === '' ? path : `${prefix}/${path}`);
