import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';
import type { Message } from '../../../../images/terminal/src/messages';
import { eventually } from './eventually';

export type Query = Readonly<Record<string, string>>;

const urlOf = (port: number, query: Query, path: string): string =>
  `ws://127.0.0.1:${String(port)}${path}?${new URLSearchParams(query).toString()}`;

/** The page's side of a WebSocket. */
export class TestViewer {
  readonly messages: Message[] = [];
  closeCode: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.messages.push(JSON.parse((data as Buffer).toString('utf8')) as Message));
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => undefined);
  }

  static async open(port: number, query: Query = {}, options: ClientOptions = {}, path = '/terminal/ws') {
    const viewer = new TestViewer(new WebSocket(urlOf(port, query, path), options));
    await once(viewer.socket, 'open');
    return viewer;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  get output(): string {
    return this.messages.map((message) => (message.type === 'output' ? message.data : '')).join('');
  }

  /** What its terminal shows: a replay replaces what was before. */
  get screen(): string {
    return this.output.split('\u001bc').at(-1) ?? '';
  }

  shows(text: string): Promise<boolean> {
    return eventually(() => this.output.includes(text));
  }

  message<T extends Message['type']>(type: T): Promise<Extract<Message, { type: T }>> {
    return eventually(() => this.messages.find((message): message is Extract<Message, { type: T }> => message.type === type)); // prettier-ignore
  }

  closed(): Promise<number> {
    return eventually(() => this.closeCode);
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed();
  }
}

/** The HTTP answer to a WebSocket request that is refused. */
export async function refusal(port: number, query: Query, headers: Readonly<Record<string, string>> = {}) {
  const socket = new WebSocket(urlOf(port, query, '/terminal/ws'), { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const data of response) body += String(data);
  return { status: response.statusCode, error: (JSON.parse(body) as { error: string }).error };
}

/** An HTTP request with a path that fetch would change. */
export function answerTo(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      request({ port, host: '127.0.0.1', path, agent: false, ...options }, (response) => {
        let body = '';
        response.on('data', (data) => (body += String(data)));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      })
        .on('error', reject)
        .end();
    },
  );
}
