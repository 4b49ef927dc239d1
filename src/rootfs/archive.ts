import { spawn } from 'node:child_process';
import { closeSync, createReadStream, createWriteStream, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { DozlabError } from '../core/errors';
import { withoutControls } from '../core/text';

const MOST_IN_MEMORY = 4 * 1024 ** 2;

/** Files of their own names for the contents of archives. */
export class Spool {
  private files = 0;

  constructor(readonly folder: string) {}

  next(): string {
    return join(this.folder, String((this.files += 1)));
  }

  /** @param size bytes */
  async keep(content: AsyncIterable<Uint8Array>, size: number): Promise<string> {
    const path = this.next();
    // A stream for each of many small files takes three times as long.
    if (size > MOST_IN_MEMORY) await pipeline(content, createWriteStream(path));
    else {
      const chunks = [];
      for await (const chunk of content) chunks.push(chunk);
      writeFileSync(path, Buffer.concat(chunks));
    }
    return path;
  }

  write(content: Buffer): string {
    const path = this.next();
    writeFileSync(path, content);
    return path;
  }
}

export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** A file by default. */
  readonly type?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: Date;
  readonly linkname?: string;
  readonly pax?: Readonly<Record<string, string>>;
}

export interface TarEntry {
  readonly header: TarHeader;
  readonly content: AsyncIterable<Uint8Array>;
  readonly skip: () => Promise<void>;
}

const FORMATS: readonly { readonly start: readonly number[]; readonly program?: string }[] = [
  { start: [0x1f, 0x8b] },
  { start: [0x28, 0xb5, 0x2f, 0xfd], program: 'zstd' },
  { start: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], program: 'xz' },
];

function startOf(path: string): Buffer {
  const start = Buffer.alloc(6);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  return start;
}

/** The content of a file that may be compressed by gzip, zstd or xz. */
function decompressed(path: string): Readable {
  const content = startOf(path);
  const format = FORMATS.find(({ start }) => start.every((byte, index) => content[index] === byte));
  if (format?.program !== undefined) return outputOf(format.program, path);
  const file = createReadStream(path);
  if (format === undefined) return file;
  const unzipped = createGunzip();
  file.on('error', (error) => unzipped.destroy(error)).pipe(unzipped);
  return unzipped;
}

/** zlib of Node 20 has neither zstd nor xz. */
function outputOf(program: string, path: string): Readable {
  const child = spawn(program, ['-q', '-d', '-c', '--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', () => {
      reject(
        new DozlabError(
          'missing-tool',
          `${program} is needed to unpack ${path}, and is not on the PATH. Fix: install it`,
        ),
      );
    });
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new DozlabError('invalid-rootfs', `${program} cannot unpack ${path}`));
    });
  });
  // The reader may stop before the end.
  ended.catch(() => undefined);
  const { stdout } = child;
  return Readable.from(
    (async function* () {
      for await (const chunk of stdout) yield chunk as Buffer;
      await ended;
    })(),
  );
}

/**
 * The entries of a tar file, in order. The next one comes when the content of the last one is read or skipped.
 * @throws DozlabError with code `invalid-rootfs` or `missing-tool`
 */
export async function* readTar(path: string): AsyncGenerator<TarEntry> {
  const { createTarDecoder } = await import('modern-tar');
  try {
    const { readable, writable } = createTarDecoder({ strict: true });
    // Readable.toWeb of Node 20 loads 65,536 chunks ahead.
    const bytes = ReadableStream.from(decompressed(path) as AsyncIterable<Uint8Array>);
    const entries = bytes.pipeThrough<{ header: TarHeader; body: ReadableStream<Uint8Array> }>({ readable, writable });
    for await (const { header, body } of entries)
      yield { header, content: contentOf(body, path), skip: () => body.cancel() };
  } catch (error) {
    throw damaged(path, error);
  }
}

async function* contentOf(body: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, error: unknown): DozlabError {
  if (error instanceof DozlabError) return error;
  const { message } = error as Error;
  return new DozlabError('invalid-rootfs', `${path} cannot be read as a tar file: ${withoutControls(message)}`, {
    cause: error,
  });
}
