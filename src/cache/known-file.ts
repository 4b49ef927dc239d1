import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import type { Path } from '@dozlab/charts/schema';
import { fileStamp, isSame, type Stamp } from './file-stamp';
import { readMarkedYaml, type YamlFile } from '../source/yaml';

/** A file of which is known what it says: it is read when somebody asks for its text. */
export class KnownFile implements YamlFile {
  private file: YamlFile | undefined;

  /**
   * @param project folder of the project
   * @param path within the project
   * @param stamp of the file that is known
   * @param blob the id that Git has for its text
   */
  constructor(
    private readonly project: string,
    readonly path: string,
    readonly stamp: Stamp,
    readonly blob?: string,
  ) {}

  /** Whether the file is still the same. */
  isCurrent(): boolean {
    const stamp = fileStamp(join(this.project, this.path));
    return stamp !== undefined && isSame(stamp, this.stamp);
  }

  get text(): string {
    return this.read().text;
  }

  get mark(): string {
    return this.read().mark ?? '';
  }

  get content(): unknown {
    return this.read().content;
  }

  locate(path: Path, key?: boolean) {
    return this.read().locate(path, key);
  }

  /** @throws DozlabError with code `changed-file` when it has become another one in the meantime */
  private read(): YamlFile {
    return (this.file ??= this.readNow());
  }

  private readNow(): YamlFile {
    const place = join(this.project, this.path);
    const stamp = fileStamp(place);
    if (stamp !== undefined && isSame(stamp, this.stamp)) {
      const read = readMarkedYaml(this.path, readFileSync(place, 'utf8'));
      if (!Array.isArray(read)) return read;
    }
    throw new DozlabError('changed-file', `${this.path} changed while it was read: run that again`);
  }
}
