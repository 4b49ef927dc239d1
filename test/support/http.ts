import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class TestServers {
  /** `METHOD path authorization` */
  readonly received: string[] = [];
  private readonly servers: Server[] = [];

  async start(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<string> {
    const server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      this.received.push(`${method} ${url} ${headers.authorization ?? ''}`.trimEnd());
      request.resume();
      request.on('end', () => {
        answer(response, request);
      });
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  stop(): void {
    this.received.length = 0;
    for (const server of this.servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  }
}
