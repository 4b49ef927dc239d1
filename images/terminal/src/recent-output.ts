const NEWLINE = 0x0a;
/** How far a line may be cut to start at a whole one. */
const LINE_LIMIT = 4096;

/** The last bytes that a shell wrote, in a ring of fixed size. */
export class RecentOutput {
  private readonly ring: Buffer;
  private written = 0;

  constructor(bytes: number) {
    this.ring = Buffer.alloc(bytes);
  }

  add(data: Buffer): void {
    const size = this.ring.length;
    const kept = data.subarray(Math.max(0, data.length - size));
    const start = (this.written + data.length - kept.length) % size;
    const atEnd = kept.copy(this.ring, start);
    kept.copy(this.ring, 0, atEnd);
    this.written += data.length;
  }

  get isUsed(): boolean {
    return this.written > 0;
  }

  /** Starts at a line, as long as that is near, and never within a character. */
  text(): string {
    const size = this.ring.length;
    if (this.written <= size) return this.ring.toString('utf8', 0, this.written);
    const start = this.written % size;
    const bytes = Buffer.concat([this.ring.subarray(start), this.ring.subarray(0, start)]);
    const line = bytes.subarray(0, LINE_LIMIT).indexOf(NEWLINE);
    return bytes.toString('utf8', line === -1 ? firstCharacter(bytes) : line + 1);
  }
}

/** UTF-8 continues a character by at most three bytes of 10xxxxxx. */
function firstCharacter(bytes: Buffer): number {
  let index = 0;
  while (index < 3 && ((bytes[index] ?? 0) & 0xc0) === 0x80) index++;
  return index;
}
