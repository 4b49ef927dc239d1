/**
 * Files that mean something to the programs that read a project's generated folders, by name. Read from the sources of
 * Flux (source-controller and kustomize-controller 1.7.3), kustomize 5.7, Helm 3 and 4, Argo CD 3.1 and Git.
 */
export interface FileMeaning {
  readonly program: 'Flux' | 'kustomize' | 'Helm' | 'Argo CD' | 'Git';
  /** It changes what the program makes of other files. Else the program applies the file itself. */
  readonly isControl: boolean;
  /** A sentence with the folder of the file in place of `{folder}`. */
  readonly does: string;
}

interface NamedMeaning extends FileMeaning {
  /** In lower case: file systems of Windows and macOS fold case. */
  readonly name: RegExp;
}

/** kustomize, `konfig.RecognizedKustomizationFileNames`, in lower case. A folder with two of them cannot be built. */
const BUILD_FILE = /^kustomization(\.ya?ml)?$/;

/** Flux, `sourceignore.IgnoreFile`. */
export const SOURCE_IGNORE = '.sourceignore';

export const GIT_ATTRIBUTES = '.gitattributes';
export const GIT_MODULES = '.gitmodules';

/** source-controller, `sourceignore`: ExcludeVCS, ExcludeExt, ExcludeCI and ExcludeExtra. */
export const FLUX_IGNORES: readonly string[] = [
  ...['.git/', '.gitignore', '.gitmodules', '.gitattributes'],
  ...['*.jpg', '*.jpeg', '*.gif', '*.png', '*.wmv', '*.flv', '*.tar.gz', '*.zip'],
  ...['.github/', '.circleci/', '.travis.yml', '.gitlab-ci.yml', 'appveyor.yml', '.drone.yml', 'cloudbuild.yaml'],
  ...['codeship-services.yml', 'codeship-steps.yml', '**/.goreleaser.yml', '**/.sops.yaml', '**/.flux.yaml'],
];

/** The first that fits. */
const BY_NAME: readonly NamedMeaning[] = [
  {
    name: BUILD_FILE,
    program: 'kustomize',
    isControl: true,
    does: 'Flux builds {folder} from it alone, and deletes the objects that it leaves out',
  },
  {
    name: /^\.sourceignore$/,
    program: 'Flux',
    isControl: true,
    does: 'Flux leaves the files of {folder} that it names out of its source, and deletes their objects',
  },
  {
    name: /^\.krmignore$/,
    program: 'kustomize',
    isControl: true,
    does: 'programs of kustomize that read {folder} as a package skip the files that it names',
  },
  {
    name: /^\.helmignore$/,
    program: 'Helm',
    isControl: true,
    does: 'Helm leaves the files that it names out of the chart',
  },
  {
    name: /^\.argocd-(source(-.*)?\.yaml|allow-concurrency)$/,
    program: 'Argo CD',
    isControl: true,
    does: 'Argo CD changes how it builds {folder} by it',
  },
  {
    name: /^chart\.yaml$/,
    program: 'Argo CD',
    isControl: true,
    does: 'Argo CD and Helm take {folder} for a chart, not for manifests',
  },
  {
    name: /^\.git$/,
    program: 'Git',
    isControl: true,
    does: 'Git takes {folder} for another repository and commits none of its files',
  },
  {
    name: /^\.gitattributes$/,
    program: 'Git',
    isControl: true,
    does: 'Git may change, fold or replace the files of {folder} that it names, and reviewers do not see them as Flux does',
  },
  { name: /^\.gitignore$/, program: 'Git', isControl: true, does: 'Git commits no new file of {folder} that it names' },
  { name: /^\.gitmodules$/, program: 'Git', isControl: true, does: 'Git reads submodules from it' },
  { name: /\.ya?ml$/, program: 'Flux', isControl: false, does: 'Flux applies its objects with {folder}' },
  {
    name: /\.json(net)?$/,
    program: 'Argo CD',
    isControl: false,
    does: 'Argo CD, and kubectl for .json, apply its objects with {folder}',
  },
];

const LINK: FileMeaning = {
  program: 'Flux',
  isControl: true,
  does: 'Flux leaves symbolic links out of its source, while other programs read their targets',
};

const CHART_FILE: FileMeaning = {
  program: 'Helm',
  isControl: true,
  does: 'Helm makes it part of the chart of all sessions, and renders or installs it',
};

export interface FoundFile {
  /** From the top of the project. */
  readonly path: string;
  readonly isLink?: boolean;
  /** The file is in a chart. @default false */
  readonly inChart?: boolean;
}

/** Undefined if no program reads the file. */
export function meaningOfFile({ path, isLink = false, inChart = false }: FoundFile): FileMeaning | undefined {
  if (isLink) return LINK;
  const name = nameOf(path).toLowerCase();
  const found = BY_NAME.find((meaning) => meaning.name.test(name));
  return inChart && found?.program !== 'Git' ? CHART_FILE : found;
}

/** The sentence of a meaning for one file. */
export const describeMeaning = ({ does }: FileMeaning, path: string): string =>
  does.replaceAll('{folder}', path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '.');

export const isBuildFile = (path: string): boolean => BUILD_FILE.test(nameOf(path).toLowerCase());

/** Programs of the desktop and Git users write these; nothing reads them, but Helm renders any file in templates/. */
export const isHarmless = ({ path, inChart = false }: FoundFile): boolean =>
  (inChart ? IGNORED_BY_CHART : /^(\.ds_store|thumbs\.db|desktop\.ini|\.gitkeep|\.keep)$/i).test(nameOf(path));

/** Of the chart's .helmignore. */
const IGNORED_BY_CHART = /^\.DS_Store$/;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
