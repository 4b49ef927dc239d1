export interface TarFile {
  readonly name: string;
  readonly type?: 'file' | 'directory' | 'symlink' | 'link' | 'character-device' | 'fifo';
  readonly content?: string | Buffer;
  readonly linkname?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly pax?: Readonly<Record<string, string>>;
}

export async function tarOf(files: readonly TarFile[]): Promise<Buffer> {
  const { packTar } = await import('modern-tar');
  const entries = files.map(({ content = '', mtime = 1_600_000_000, type = 'file', ...header }) => {
    const body = Buffer.from(content);
    return {
      header: { ...header, type, size: type === 'file' ? body.length : 0, mtime: new Date(mtime * 1000) },
      body,
    };
  });
  return Buffer.from(
    await packTar(entries.map(({ header, body }) => (header.type === 'file' ? { header, body } : { header }))),
  );
}
