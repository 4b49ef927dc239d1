import type { z } from 'zod';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import { COHORT_FILE } from '../api/file-names';
import { sessionDocument, type SessionContent, withIdentity } from '../api/session';
import { checkSchema, withoutProblems } from '../core/check-schema';
import type { Diagnostics, ValueProblem } from '../core/diagnostics';
import { shownValue } from '../core/redact';
import { PROVIDERS } from '../secrets/providers';
import { clearSecrets } from './clear-secrets';
import { type Document, type Documents, filesOf, missingDocument, type SessionDocument } from './document';
import { isIdentityOf, splitValidText } from './session-text';
import type { FileText, Source } from './source';
import { readYaml, type YamlFile } from './yaml';

export class DocumentLoader {
  private readonly classes = new Map<string, SessionClass>();
  private readonly others: ReadonlyMap<string, Document<unknown>>;

  /** @param other files with equal text are not parsed again */
  constructor(
    private readonly source: Source,
    private readonly diagnostics: Diagnostics,
    private readonly other?: Documents,
  ) {
    this.others = new Map(other === undefined ? [] : filesOf(other).map((file) => [file.path, file]));
  }

  /** @param name expected from the path. @default any */
  load<T extends z.ZodType>(path: string, schema: T, name?: string): Document<z.output<T>> {
    const text = this.source.read(path, this.diagnostics);
    return text === undefined ? missingDocument(name ?? path, path) : this.parse(path, text, schema, name);
  }

  /** Parses only the first session of a class. */
  loadSession(path: string, name: string): SessionDocument {
    const text = this.source.read(path, this.diagnostics);
    if (text === undefined) return missingDocument(name, path);
    const split = text.split ?? splitValidText(text.text);
    const first = split && this.classes.get(split.classText);
    if (first !== undefined && split?.identity.name === name) {
      const content = withIdentity(first.file.content as SessionContent, split.identity);
      // The fields of the identity end their lines, so everything else has the same position in all files of the class.
      const file = { ...first.file, ...text, path, content };
      const value = withIdentity(first.value, split.identity);
      return { name, path, file, value, locate: file.locate, isFlawed: false, classText: first.classText };
    }
    const document = this.parse(path, text, sessionDocument, name);
    const { file, value, isFlawed } = document;
    if (split === undefined || file === undefined || value === undefined || isFlawed !== false) return document;
    if (!isIdentityOf(split, file)) return document;
    const { classText } = split;
    this.classes.set(classText, { classText, file, value });
    return { ...document, classText };
  }

  /** Undefined if unreadable. */
  loadSecret(path: string): YamlFile | undefined {
    const text = this.source.read(path, this.diagnostics);
    if (text === undefined) return undefined;
    const other = this.other?.secretFiles.get(path);
    return other?.text === text.text ? other : this.parseYaml(path, text);
  }

  private parse<T extends z.ZodType>(
    path: string,
    text: FileText,
    schema: T,
    name: string | undefined,
  ): Document<z.output<T>> {
    const other = this.others.get(path) as Document<z.output<T>> | undefined;
    if (other?.isFlawed === false && other.file?.text === text.text) return other;
    const file = this.parseYaml(path, text);
    if (file === undefined) return missingDocument(name ?? path, path);
    const clear = clearSecrets(file);
    const { value, problems: all } = checkContent(file, schema, name);
    const isClear = new Set(clear.map(({ problem }) => problem.path.join('\0')));
    const problems = all.filter(({ path: at }) => at.length === 0 || !isClear.has(at.join('\0')));
    for (const problem of problems) this.diagnostics.report(file, problem);
    for (const { place, problem } of clear) this.diagnostics.report(place, problem);
    return {
      ...{ name: name ?? path, path, file, locate: file.locate, isFlawed: problems.length + clear.length > 0 },
      ...(value === undefined ? {} : { value }),
    };
  }

  private parseYaml(path: string, { text, mark }: FileText): YamlFile | undefined {
    const file = readYaml(path, text, this.diagnostics);
    return file && { ...file, mark };
  }
}

interface SessionClass {
  readonly classText: string;
  readonly file: YamlFile;
  readonly value: SessionContent;
}

const NAME: Path = ['metadata', 'name'];
const PASSWORD: Path = ['spec', 'values', 'codeServer', 'password'];

/** Undefined if too little is valid. */
function checkContent<T extends z.ZodType>(
  { path: file, content: all }: YamlFile,
  schema: T,
  expectedName: string | undefined,
): { readonly value?: z.output<T> | undefined; readonly problems: readonly ValueProblem[] } {
  // Somebody pasted another object: problems of its other fields would not help.
  const pasted = pastedSecret(all);
  if (pasted !== undefined) return { problems: [pasted] };
  const hasPassword = at(all, PASSWORD) !== undefined;
  const content = hasPassword ? withoutPassword(all) : all;
  const { data, problems } = checkSchema(schema, content);
  const found = [...problems];
  if (hasPassword) {
    const message =
      'is a password, which must not be in Git. Fix: remove it, then run dozlab secret set, or name a Secret of the cluster in codeServer.existingSecret';
    found.push({ severity: 'error', code: 'secret-in-file', path: PASSWORD, key: true, message });
  }
  const name = at(content, NAME);
  const isNameValid = typeof name === 'string' && !problems.some(({ path }) => path.join() === NAME.join());
  if (expectedName !== undefined && isNameValid && name !== expectedName) {
    const place = file.endsWith(`/${COHORT_FILE}`) ? 'folder' : 'file';
    const message = `is ${shownValue(NAME, name)}, but the ${place} is named ${expectedName}; accepted: ${expectedName}`;
    found.push({ severity: 'error', code: 'conflict', path: NAME, message });
  }
  return { value: data ?? schema.safeParse(withoutProblems(content, problems)).data, problems: found };
}

function withoutPassword(content: unknown): unknown {
  const copy: unknown = structuredClone(content);
  const codeServer = at(copy, PASSWORD.slice(0, -1));
  if (isMapping(codeServer)) delete codeServer['password'];
  return copy;
}

/** @param seen anchors repeat parts, even inside themselves */
function pastedSecret(content: unknown, path: Path = [], seen = new Set<unknown>()): ValueProblem | undefined {
  if (typeof content !== 'object' || content === null || seen.has(content)) return undefined;
  seen.add(content);
  const { kind, provider } = isMapping(content) ? secretKind(content) : {};
  if (kind !== undefined) {
    const place =
      provider === undefined
        ? 'no Secret in this file: dozlab secret set stores a password where spec.secrets of dozlab.yaml says'
        : `secrets/<cohort>/<session>.yaml, where dozlab secret set writes it and the provider ${provider} reads it`;
    const code = provider === undefined ? 'secret-in-file' : 'misplaced';
    const message = `is a ${kind}, which does not belong here; accepted: ${place}`;
    return { severity: 'error', code, path, key: true, message };
  }
  for (const [key, child] of Object.entries(content)) {
    const found = pastedSecret(child, [...path, Array.isArray(content) ? Number(key) : key], seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without a provider, values may be in the clear. */
function secretKind(content: Record<string, unknown>): { readonly kind?: string; readonly provider?: string } {
  const isLike = (kind: string, payload: string): boolean =>
    isMapping(content[payload]) || (content['kind'] === kind && content['apiVersion'] !== undefined);
  for (const { name, file } of PROVIDERS)
    if (file?.payload !== undefined && isLike(file.kind, file.payload)) return { kind: file.kind, provider: name };
  return isLike('Secret', 'stringData') ? { kind: 'Secret' } : {};
}
