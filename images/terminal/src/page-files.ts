import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly content: string;
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
};

const NONCE = '{{nonce}}';

/** The page and its files, in memory. Paths of requests never reach the file system. */
export class PageFiles {
  private readonly index: string;
  private readonly files: ReadonlyMap<string, PageFile>;
  private readonly ancestors: string;

  constructor(folder: string, allowedOrigins: readonly string[]) {
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    this.index = read('index.html');
    this.files = new Map(Object.entries(TYPES).map(([name, type]) => [name, pageFile(type, read(name))]));
    this.ancestors = ["'self'", ...allowedOrigins].join(' ');
  }

  file(name: string): PageFile | undefined {
    return this.files.get(name);
  }

  /** xterm.js makes style elements, which get the nonce, and style attributes for colours. */
  page(): { content: string; policy: string } {
    const nonce = randomBytes(16).toString('base64');
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      `style-src-elem 'self' 'nonce-${nonce}'`,
      "style-src-attr 'unsafe-inline'",
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${this.ancestors}`,
    ].join('; ');
    return { content: this.index.replace(NONCE, nonce), policy };
  }
}

const pageFile = (type: string, content: string): PageFile => ({
  type,
  content,
  etag: `"${createHash('sha256').update(content).digest('base64url')}"`,
});
