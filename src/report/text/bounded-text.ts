import { withoutSecrets } from '../../core/redact';

/** Lines up to a number of bytes, without secrets. */
export class BoundedText {
  private readonly lines: string[] = [];
  private bytes = 0;

  constructor(private readonly most: number) {}

  /** Adds all lines, or none if they do not fit. */
  add(lines: readonly string[]): boolean {
    const bytes = bytesOf(lines.map(withoutSecrets));
    if (this.bytes + bytes > this.most) return false;
    this.append(lines);
    return true;
  }

  append(lines: readonly string[]): void {
    const shown = lines.map(withoutSecrets);
    this.lines.push(...shown);
    this.bytes += bytesOf(shown);
  }

  get length(): number {
    return this.lines.length;
  }

  get room(): number {
    return this.most - this.bytes;
  }

  toString(): string {
    return this.lines
      .filter((line, index) => line !== '' || this.lines[index - 1] !== '')
      .join('\n')
      .trimEnd();
  }
}

export const bytesOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
