import { FLUX_FOLDER, OUTPUT_FOLDER } from './project';

/** A folder that a program reads as one. */
export interface ReadFolder {
  /** From the top of the project. */
  readonly path: string;
  readonly isChart: boolean;
}

/** Folders of `dist/` that are read as one, by the number of their parts. */
const DEPTHS: Readonly<Record<string, number>> = {
  infra: 1,
  monitoring: 1,
  nodes: 1,
  'exec-backend': 1,
  argocd: 1,
  flux: 2,
  sessions: 2,
  releases: 2,
  charts: 2,
};

/** @param path of a file, from the top of the project */
export function readFolderOf(path: string): ReadFolder | undefined {
  const [top = '', part = '', ...rest] = path.split('/');
  if (top === FLUX_FOLDER && part !== '') return { path: top, isChart: false };
  const depth = DEPTHS[part];
  if (top !== OUTPUT_FOLDER || depth === undefined || rest.length < depth) return undefined;
  return { path: [top, part, ...rest.slice(0, depth - 1)].join('/'), isChart: part === 'charts' };
}
