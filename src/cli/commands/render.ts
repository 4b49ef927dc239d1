import { openSync, readSync } from 'node:fs';
import { DozlabError } from '../../errors';
import { inOrder, isError, problemAt } from '../../project/problem';
import { readYaml } from '../../project/yaml-file';
import { renderSession } from '../../output/session';
import { toYaml } from '../../render/yaml';
import { labelName } from '../../values/fields';
import { checkValues } from '../../values/parse';
import { isMapping } from '../../schema/tree';
import type { Command } from '../command';
import { note, out, problemLines } from '../print';

interface RenderOptions {
  readonly file: string;
  readonly output: 'yaml' | 'json';
  readonly namespace?: string;
}

export const render: Command<RenderOptions> = {
  command: 'render',
  describe: 'Print the manifests of one session for a values file of the chart',
  builder: {
    file: {
      alias: 'f',
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'Values file; - for standard input',
    },
    namespace: {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      describe: 'Namespace to write into the manifests; none when not given',
    },
    output: {
      alias: 'o',
      choices: ['yaml', 'json'] as const,
      default: 'yaml' as const,
      requiresArg: true,
      describe: 'Form of the manifests',
    },
  },
  run({ file, output, namespace }) {
    if (namespace !== undefined && !labelName().safeParse(namespace).success) {
      throw new DozlabError(
        'invalid-usage',
        `--namespace is ${JSON.stringify(namespace)}; accepted: at most 63 of a-z, 0-9 and -, with a letter or digit at both ends`,
      );
    }
    const read = readYaml(file, textOf(file));
    if (Array.isArray(read)) {
      for (const line of problemLines(read, process.stderr)) note(line);
      return 1;
    }
    const { values, problems } = checkValues(withoutGlobal(read.content ?? {}));
    const placed = problems.map(({ severity, code, path, message, key }) =>
      problemAt(severity, code, file, read.locate(path, key), path, message),
    );
    for (const line of problemLines(inOrder(placed), process.stderr)) note(line);
    if (values === undefined || placed.some(isError)) return 1;
    const manifests = renderSession(values, namespace);
    out((output === 'json' ? JSON.stringify(manifests, null, 2) : toYaml(manifests)).trimEnd());
    return 0;
  },
};

const LARGEST_FILE = 1024 * 1024;

function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = firstBytes(file === '-' ? 0 : openSync(file, 'r'));
  } catch (error) {
    throw new DozlabError(
      'invalid-values',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause: error },
    );
  }
  if (bytes.length > LARGEST_FILE)
    throw new DozlabError('invalid-values', `${file} is too large; accepted: at most 1 MiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DozlabError('invalid-values', `${file} is not text in UTF-8`, { cause: error });
  }
}

/** What a file holds, but no more than one byte over what is accepted: it may be endless. */
function firstBytes(file: number): Buffer {
  const bytes = Buffer.alloc(LARGEST_FILE + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0 || (length += read) === bytes.length) return bytes.subarray(0, length);
  }
}

/** Helm gives every chart the key `global`; a session does not read it. */
function withoutGlobal(content: unknown): unknown {
  if (!isMapping(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== 'global'));
}
