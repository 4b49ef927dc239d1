import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from '../errors';
import type { Path } from '../schema/tree';
import { isSame, stampOf, type Stamp } from './stamp';
import { statOf } from './safe-path';
import { readYaml, type YamlFile } from './yaml-file';

/** A file of which is known what it says: it is read when somebody asks for its text. */
export class KnownFile implements YamlFile {
  private file: YamlFile | undefined;

  /**
   * @param project folder of the project
   * @param path within the project
   * @param stamp of the file that is known
   */
  constructor(
    private readonly project: string,
    readonly path: string,
    readonly stamp: Stamp,
  ) {}

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
    const stat = statOf(place);
    if (stat !== undefined && isSame(stampOf(stat), this.stamp)) {
      const whole = readFileSync(place, 'utf8');
      const text = whole.replace(/^\ufeff/, '');
      const read = readYaml(this.path, text);
      if (!Array.isArray(read)) return { ...read, mark: whole.slice(0, whole.length - text.length) };
    }
    throw new DozlabError('changed-file', `${this.path} changed while it was read: run that again`);
  }
}
