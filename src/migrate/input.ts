import { closeSync, openSync, readSync } from 'node:fs';
import { DozlabError } from '../core/errors';
import { Diagnostics, problemAt, type Problem } from '../core/diagnostics';
import { readYamlDocuments } from '../source/yaml';
import { PASSWORD, readEnvFile, type Variables } from './env-file';
import { Item } from './item';
import { STANDARD_INPUT } from './standard-input';
import { Template } from './variables';

/** What is to be migrated: files by name, and the variables of templates. */
export interface Inputs {
  readonly files: readonly string[];
  readonly envFile?: string | undefined;
}

const START = { line: 1, column: 1 };

/** Reads all inputs. What is wrong with them is added to the problems. */
export function readInputs({ files, envFile }: Inputs, problems: Problem[]): Item[] {
  const variables: Variables =
    envFile === undefined ? new Map() : readEnvFile(envFile, textOf(envFile, problems) ?? '', problems);
  const asked = new Set([PASSWORD]);
  const items = files.flatMap((path) => {
    const text = textOf(path, problems);
    return text === undefined ? [] : itemsOf(path, text, variables, asked, problems);
  });
  for (const [name, { line }] of variables) {
    if (asked.has(name)) continue;
    const message = `sets ${name}, which no file asks for: it has no effect`;
    problems.push(problemAt('warning', 'has-no-effect', envFile ?? '', { line, column: 1 }, [], message));
  }
  return items;
}

function itemsOf(
  path: string,
  text: string,
  variables: Variables,
  asked: Set<string>,
  problems: Problem[],
): readonly Item[] {
  let template: Template;
  try {
    template = new Template(text, variables);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(problemAt('error', 'unreadable', path, START, [], error.message));
    return [];
  }
  const diagnostics = new Diagnostics();
  const documents = readYamlDocuments(path, template.text, diagnostics, (document) => template.fillIn(document)) ?? [];
  problems.push(...diagnostics.problems);
  for (const name of template.asked) asked.add(name);
  const items: Item[] = [];
  for (const document of documents) {
    if (isEndless(document.content))
      problems.push(
        problemAt('error', 'malformed', path, START, [], 'holds an alias (*name) inside its own anchor (&name)'),
      );
    else items.push(...Item.in(document, problems));
  }
  return items;
}

/** Whether data holds itself, as aliases of YAML can make it. */
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

/** The text of an input; undefined when it cannot be read. */
function textOf(path: string, problems: Problem[]): string | undefined {
  const refuse = (message: string): undefined => {
    problems.push(problemAt('error', 'unreadable', path, START, [], message));
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

/** What a file holds; undefined when that is too much: it may be endless. */
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

/** Reads, and waits where there is nothing yet: standard input may be of a kind that does not wait by itself. */
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
