import { RunningKubectl } from './running-kubectl';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const MOST_TRIES = 10;

/** The API server by HTTP, for tests of thousands of requests: `kubectl` takes 50 ms for each. */
export class Proxy {
  private constructor(private readonly url: string) {}

  static async start(): Promise<Proxy> {
    const kubectl = new RunningKubectl([`--kubeconfig=${process.env['KUBECONFIG'] ?? ''}`, 'proxy', '--port=0']);
    const [, port = ''] = await kubectl.until(/on 127\.0\.0\.1:(\d+)/);
    return new Proxy(`http://127.0.0.1:${port}`);
  }

  /** Asks again, as "resource quota evaluation timed out" and the like say that the machine is busy. */
  async send(method: string, path: string, body?: object): Promise<Answer> {
    let answer = await this.once(method, path, body);
    for (let tries = 1; answer.status >= 500 && tries < MOST_TRIES; tries++)
      answer = await this.once(method, path, body);
    return answer;
  }

  private async once(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
}
