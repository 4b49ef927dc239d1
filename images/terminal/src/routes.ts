import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from './config';
import type { PageFiles } from './page-files';
import type { Readiness } from './readiness';

export interface Counts {
  readonly shells: number;
  readonly viewers: number;
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** For Kubernetes and Prometheus, which use no base path. */
const UNPREFIXED = ['/health', '/ready', '/metrics'];

/** The path below the base path, or undefined for one outside of it. */
export function pathOf(
  request: IncomingMessage,
  basePath: string,
): { path: string; query: URLSearchParams } | undefined {
  // A target such as //host/path is a path here, and no host.
  const [target = '', search = ''] = (request.url ?? '').split(/\?(.*)/s);
  const path = target.startsWith(`${basePath}/`) || target === basePath ? target.slice(basePath.length) : undefined;
  if (path === undefined && !UNPREFIXED.includes(target)) return undefined;
  return { path: path ?? target, query: new URLSearchParams(search) };
}

export class Routes {
  constructor(
    private readonly config: Config,
    private readonly readiness: Readiness,
    private readonly page: PageFiles,
    private readonly counts: () => Counts,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return json(response, 405, { error: `${request.method ?? ''} is not allowed. Accepted: GET, HEAD` });
    }
    const place = pathOf(request, this.config.basePath);
    switch (place?.path) {
      case '/health':
        return json(response, 200, { status: 'ok' });
      case '/ready':
        return this.ready(response);
      case '/terminal/status':
        return this.status(response);
      case '/metrics':
        return this.metrics(response);
      case '/terminal/ws':
        response.setHeader('Upgrade', 'websocket');
        return json(response, 426, { error: 'this path is for WebSocket' });
      case '/':
        return this.index(response);
      case '': {
        // The files of the page are relative to its path, which must end in a slash.
        const last = this.config.basePath.split('/').at(-1) ?? '';
        response.writeHead(308, { ...HEADERS, Location: `${last}/` });
        response.end();
        return;
      }
      default:
        return this.file(place?.path.slice(1) ?? '', request, response);
    }
  }

  private async ready(response: ServerResponse): Promise<void> {
    const problem = await this.readiness.problem();
    if (problem === undefined) return json(response, 200, { status: 'ready' });
    return json(response, 503, { error: problem.message });
  }

  private async status(response: ServerResponse): Promise<void> {
    const { sessionId, vm } = this.config;
    const problem = await this.readiness.problem();
    return json(response, 200, {
      sessionId,
      vm,
      ready: problem === undefined,
      ...(problem === undefined ? {} : { error: problem.message }),
      ...this.counts(),
    });
  }

  /** In the text format of Prometheus. */
  private async metrics(response: ServerResponse): Promise<void> {
    const problem = await this.readiness.problem();
    const { shells, viewers } = this.counts();
    const gauges = [
      ['dozlab_terminal_vm_ready', "Whether the VM's SSH answers.", problem === undefined ? 1 : 0],
      ['dozlab_terminal_shells', 'Shells with a connection to the VM.', shells],
      ['dozlab_terminal_viewers', 'WebSockets that show a shell.', viewers],
      ['process_resident_memory_bytes', 'Resident memory of the terminal.', process.memoryUsage.rss()],
    ] as const;
    const lines = gauges.map(
      ([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${String(value)}\n`,
    );
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(lines.join(''));
  }

  private index(response: ServerResponse): void {
    const { content, policy } = this.page.page();
    response.writeHead(200, {
      ...HEADERS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
    });
    response.end(content);
  }

  private file(name: string, request: IncomingMessage, response: ServerResponse): void {
    const file = this.page.file(name);
    if (file === undefined) return json(response, 404, { error: 'there is no such path' });
    const { etag, type, content } = file;
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(isKnown ? 304 : 200, {
      ...HEADERS,
      'Content-Type': type,
      'Cache-Control': 'no-cache',
      ETag: etag,
    });
    response.end(isKnown ? undefined : content);
  }
}

export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
