import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { PACKAGE } from './compile';

/** A temporary folder for modules that a test runs. They resolve packages as the package does. */
export class ModuleFolder {
  readonly path: string;

  constructor() {
    mkdirSync(join(PACKAGE, 'build'), { recursive: true });
    this.path = mkdtempSync(join(PACKAGE, 'build', 'modules-'));
  }

  /** @param code TypeScript */
  write(name: string, code: string): void {
    const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    writeFileSync(join(this.path, `${name}.js`), outputText);
  }

  /** Runs a module, and gives what it exports. */
  run(name: string): unknown {
    return createRequire(join(this.path, 'run.js'))(`./${name}.js`) as unknown;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
