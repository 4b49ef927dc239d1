import { placeAt, type Diagnostics } from '../core/diagnostics';
import { DozlabError } from '../core/errors';
import { readYamlDocuments } from '../source/yaml';
import { Item } from './original';
import { PASSWORD, Template, readEnvFile, type Variables } from './template';
import { closeSync, openSync, readSync } from 'node:fs';

export interface Inputs {
  readonly files: readonly string[];
  readonly envFile?: string | undefined;
}

export function readInputs({ files, envFile }: Inputs, diagnostics: Diagnostics): Item[] {
  const variables: Variables =
    envFile === undefined ? new Map() : readEnvFile(envFile, textOf(envFile, diagnostics) ?? '', diagnostics);
  const asked = new Set([PASSWORD]);
  const items = files.flatMap((path) => {
    const text = textOf(path, diagnostics);
    return text === undefined ? [] : itemsOf(path, text, variables, asked, diagnostics);
  });
  for (const [name, { line }] of variables) {
    if (asked.has(name)) continue;
    const message = `sets ${name}, which no file uses`;
    diagnostics.warning(placeAt(envFile ?? '', { line, column: 1 }), [], 'has-no-effect', message);
  }
  return items;
}

function itemsOf(
  path: string,
  text: string,
  variables: Variables,
  asked: Set<string>,
  diagnostics: Diagnostics,
): readonly Item[] {
  let template: Template;
  try {
    template = new Template(text, variables);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    diagnostics.error(path, [], 'unreadable', error.message);
    return [];
  }
  const documents = readYamlDocuments(path, template.text, diagnostics, (document) => template.fillIn(document)) ?? [];
  for (const name of template.asked) asked.add(name);
  const items: Item[] = [];
  for (const document of documents) {
    if (isEndless(document.content))
      diagnostics.error(path, [], 'malformed', 'has an alias (*name) inside its own anchor (&name)');
    else items.push(...Item.in(document, diagnostics));
  }
  return items;
}

/** Aliases of YAML can make an object contain itself. */
function isEndless(content: unknown): boolean {
  try {
    JSON.stringify(content);
    return false;
  } catch {
    return true;
  }
}

const LARGEST_MEBIBYTES = 32;
const LARGEST = LARGEST_MEBIBYTES * 1024 * 1024;

function textOf(path: string, diagnostics: Diagnostics): string | undefined {
  const refuse = (message: string): undefined => {
    diagnostics.error(path, [], 'unreadable', message);
  };
  try {
    const bytes = bytesOf(path);
    if (bytes === undefined) return refuse(`is too large; accepted: at most ${String(LARGEST_MEBIBYTES)} MiB`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    if (error instanceof TypeError) return refuse('is not text in UTF-8');
    return refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

/** @returns undefined for a file that is too large: it may be endless */
function bytesOf(path: string): Buffer | undefined {
  const file = path === STANDARD_INPUT ? 0 : openSync(path, 'r');
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for (;;) {
      const chunk = Buffer.alloc(64 * 1024);
      const read = readWaiting(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      length += read;
      if (length > LARGEST) return undefined;
    }
  } finally {
    if (file !== 0) closeSync(file);
  }
}

/** Standard input may be non-blocking, so this waits for data. */
function readWaiting(file: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(file, chunk, 0, chunk.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const STANDARD_INPUT = '/dev/stdin';
