import { join } from 'node:path';
import ts from 'typescript';

/** The folder of the package. */
export const PACKAGE = join(__dirname, '..', '..');

/** The repository, whose compiler options and rules hold here too. */
export const REPOSITORY = join(PACKAGE, '..', '..');

/** A program of sources that are not on the disk, by absolute path, with the compiler options of the repository. */
export function programOf(sources: ReadonlyMap<string, string>): ts.Program {
  const { config } = ts.readConfigFile(join(REPOSITORY, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY, {
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  });
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (path) => sources.has(path) || disk.fileExists(path);
  host.readFile = (path) => sources.get(path) ?? disk.readFile(path);
  host.getSourceFile = (path, language) => {
    const source = sources.get(path);
    return source === undefined ? disk.getSourceFile(path, language) : ts.createSourceFile(path, source, language);
  };
  return ts.createProgram([...sources.keys()], options, host);
}

/** The messages of the compiler for one of the sources, by the text of their lines. */
export function errorsByLine(program: ts.Program, path: string): Record<string, string[]> {
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error(`${path} is no source of the program`);
  const found: Record<string, string[]> = {};
  for (const { start = 0, messageText } of ts.getPreEmitDiagnostics(program, source)) {
    const line = source.text.split('\n')[source.getLineAndCharacterOfPosition(start).line] ?? '';
    found[line] = [...(found[line] ?? []), ts.flattenDiagnosticMessageText(messageText, '\n')];
  }
  return found;
}
