import { readFileSync, writeFileSync } from 'node:fs';
import { PACKAGE_FOLDER } from '../src/cli/version';
import { docsFiles, jsonText } from './docs';
import { measure } from './measure';
import { HELP, readOptions } from './options';
import { on } from './page';
import type { Results } from './results';
import { tables } from './tables';
import { writeFiles } from './write-files';

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const results =
    options.from === undefined
      ? await measure(options, (text) => process.stderr.write(`${text}\n`))
      : (JSON.parse(readFileSync(options.from, 'utf8')) as Results);
  if (options.out !== undefined) writeFileSync(options.out, jsonText(results));
  if (options.docs) writeFiles(PACKAGE_FOLDER, docsFiles(results));
  process.stdout.write(options.json ? jsonText(results) : `Measured ${on(results.machine)}.\n\n${tables(results)}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
