/** Something of each of some files, by their folders and names. */
export type ByFolder<T> = ReadonlyMap<string, ReadonlyMap<string, T>>;

/** The folder and the name that a path consists of; the folder is empty for a file that is in none. */
export function splitPath(path: string): readonly [folder: string, name: string] {
  const end = path.lastIndexOf('/');
  return [path.slice(0, Math.max(end, 0)), path.slice(end + 1)];
}

/** Collects something by the paths of files. */
export class FolderMap<T> {
  private readonly folders = new Map<string, Map<string, T>>();

  /** What there is of the files of a folder. */
  at(folder: string): Map<string, T> {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const files = new Map<string, T>();
    this.folders.set(folder, files);
    return files;
  }

  set(path: string, value: T): void {
    const [folder, name] = splitPath(path);
    this.at(folder).set(name, value);
  }

  get all(): ByFolder<T> {
    return this.folders;
  }
}

/** What there is of a file. */
export function ofPath<T>(all: ByFolder<T>, path: string): T | undefined {
  const [folder, name] = splitPath(path);
  return all.get(folder)?.get(name);
}
