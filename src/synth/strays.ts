import { join } from 'node:path';
import { describeMeaning, type FileMeaning, isBuildFile, isHarmless, meaningOfFile } from '../core/consumers/files';
import type { Problem, Severity } from '../core/diagnostics';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import { readFolderOf } from '../model/read-folders';
import { otherFiles, type UnknownFile } from './plan';

/** A file in a generated folder that Dozlab did not generate. */
export interface Stray {
  /** From the top of the project. */
  readonly path: string;
  /** What the programs that read the folder make of it. */
  readonly does: string;
  readonly isControl: boolean;
  /** Without it, no program reads the file. */
  readonly isRead: boolean;
  /** `synth --check` refuses it. */
  readonly isRefused: boolean;
}

export interface StrayFolder {
  readonly folder: string;
  readonly unknown: readonly UnknownFile[];
}

/** @param ownFiles `spec.flux.ownFiles` */
export const straysOf = (folders: readonly StrayFolder[], ownFiles: readonly string[]): Stray[] =>
  folders.flatMap(({ folder, unknown }) => {
    const files = withoutRepositories(unknown);
    return files.flatMap((file) => {
      const path = `${folder}/${file.path}`;
      if (!file.isLink && isHarmless({ path, inChart: readFolderOf(path)?.isChart === true })) return [];
      return folder === FLUX_FOLDER ? inFluxFolder(file, ownFiles) : inOutput(folder, file);
    });
  });

/** Without the output: only files that change what programs make of others, and links. */
export const controlFiles = (project: string): StrayFolder[] =>
  [OUTPUT_FOLDER, FLUX_FOLDER].map((folder) => {
    const isControl = (path: string): boolean => {
      const full = `${folder}/${path}`;
      return readFolderOf(full)?.isChart !== true && meaningOfFile({ path: full })?.isControl === true;
    };
    return { folder, unknown: otherFiles(join(project, folder), isControl).unknown };
  });

/** A nested repository is one stray. */
function withoutRepositories(files: readonly UnknownFile[]): UnknownFile[] {
  const repositoryOf = (path: string): string | undefined => /^(?:.*\/)?\.git(?=\/)/i.exec(path)?.[0];
  const seen = new Set<string>();
  return files.flatMap((file) => {
    const path = repositoryOf(file.path);
    if (path === undefined) return [file];
    if (seen.has(path)) return [];
    seen.add(path);
    return [{ path, isLink: false }];
  });
}

function inOutput(folder: string, file: UnknownFile): Stray[] {
  const path = `${folder}/${file.path}`;
  const read = readFolderOf(path);
  const meaning = meaningOfFile({ path, isLink: file.isLink, inChart: read?.isChart === true });
  // At the top of dist/, and in folders that Dozlab does not generate, a file without a meaning disturbs nobody.
  return [strayOf(path, meaning, meaning !== undefined || read !== undefined)];
}

/** `flux bootstrap` writes these. */
const BOOTSTRAP = /^flux-system\/(gotk-components|gotk-sync|kustomization)\.yaml$/;

/** People may add files here, but only files that spec.flux.ownFiles names. */
function inFluxFolder(file: UnknownFile, ownFiles: readonly string[]): Stray[] {
  const path = `${FLUX_FOLDER}/${file.path}`;
  const meaning = meaningOfFile({ path, isLink: file.isLink });
  if (meaning === undefined) return [];
  const isOwn = BOOTSTRAP.test(file.path) || ownFiles.some((own) => isIn(file.path, own));
  const mayBuild = isBuildFile(file.path) && file.path.includes('/');
  return [strayOf(path, meaning, !isOwn || file.isLink || (meaning.isControl && !mayBuild))];
}

export const isIn = (path: string, own: string): boolean =>
  path === own || path.startsWith(own.endsWith('/') ? own : `${own}/`);

const strayOf = (path: string, meaning: FileMeaning | undefined, isRefused: boolean): Stray => ({
  path,
  does: describeStray(path, meaning),
  isControl: meaning?.isControl === true,
  isRead: meaning !== undefined,
  isRefused,
});

function describeStray(path: string, meaning: FileMeaning | undefined): string {
  if (meaning === undefined) return 'nothing reads it';
  if (!meaning.isControl && readFolderOf(path) === undefined)
    return `kubectl apply -R -f ${OUTPUT_FOLDER} would apply it, and nothing else reads it`;
  return describeMeaning(meaning, path);
}

export const strayProblem = ({ path, does, isControl }: Stray, severity: Severity = 'error'): Problem => {
  const isOwnable = path.startsWith(`${FLUX_FOLDER}/`) && !isControl;
  const fix = isOwnable
    ? `remove it, or name it in spec.flux.ownFiles of dozlab.yaml`
    : `remove it, or keep it outside ${path.startsWith(`${OUTPUT_FOLDER}/`) ? OUTPUT_FOLDER : FLUX_FOLDER}/`;
  const message = `is not ours, and it stays: ${does}. Fix: ${fix}`;
  return { severity, code: 'stray-file', file: path, line: 1, column: 1, path: '', message };
};
