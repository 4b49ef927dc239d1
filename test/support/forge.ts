import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status?: number;
  readonly content: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class TestForge {
  readonly asked: Asked[] = [];
  private server: Server | undefined;

  constructor(private readonly answer: (asked: Asked) => Answer | undefined) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const asked: Asked = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      token: (request.headers.authorization ?? '').replace('Bearer ', ''),
      content: (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>,
    };
    this.asked.push(asked);
    const { status = 200, content, headers = {} } = this.answer(asked) ?? { status: 404, content: { message: 'Not Found' } }; // prettier-ignore
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(content));
  }
}

export function pageOf(list: readonly unknown[], { query, path }: Asked): Answer {
  const size = Number(query.get('per_page') ?? '30');
  const page = Number(query.get('page') ?? '1');
  const isLast = page * size >= list.length;
  return {
    content: list.slice((page - 1) * size, page * size),
    headers: isLast ? {} : { link: `<${path}?page=${String(page + 1)}>; rel="next"` },
  };
}
