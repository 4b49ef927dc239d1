import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { binFolder } from '../cluster/tools';

/** Whether a container answers as its users need it. */
export type Answer = (host: string) => Promise<boolean>;

export const answersHttp =
  (port: number, path: string): Answer =>
  async (host) => {
    const response = await fetch(`http://${host}:${String(port)}${path}`, { signal: AbortSignal.timeout(1000) });
    return response.ok;
  };

/** An answer is the banner: the connection alone may be to a proxy. */
export const answersSsh =
  (port: number): Answer =>
  (host) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: 1000 });
      const done = (isAnswer: boolean) => () => {
        socket.destroy();
        resolve(isAnswer);
      };
      socket.on('data', done(true)).on('error', done(false)).on('timeout', done(false)).on('close', done(false));
    });

/** Times of `Date.now`. */
export interface PodStart {
  /** When each answer was there. */
  readonly answered: Readonly<Record<string, number>>;
  /** When the API server told that the pod is Ready. */
  readonly ready: number;
}

/** Watches the only pod with a label, from now until it is Ready and all answers are there; at most four minutes. */
export async function podStart(
  namespace: string,
  label: string,
  answers: Readonly<Record<string, Answer>>,
): Promise<PodStart> {
  const columns = 'custom-columns=IP:.status.podIP,READY:.status.conditions[?(@.type=="Ready")].status';
  const args = ['get', 'pods', '-n', namespace, '-l', label, '--watch', '--no-headers', '-o', columns];
  const child = spawn(join(binFolder(), 'kubectl'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const abort = new AbortController();
  let asking: Promise<Record<string, number>> | undefined;
  const timer = globalThis.setTimeout(() => child.kill(), MOST_MS);
  try {
    for await (const line of createInterface(child.stdout)) {
      const [host = '', ready] = line.trim().split(/\s+/);
      if (host !== '<none>') asking ??= firstAnswers(host, answers, abort.signal);
      if (ready === 'True') return { ready: Date.now(), answered: (await asking) ?? {} };
    }
    throw new Error(`the pod with ${label} was not Ready in time`);
  } finally {
    clearTimeout(timer);
    abort.abort();
    child.kill();
  }
}

const MOST_MS = 240_000;

async function firstAnswers(
  host: string,
  answers: Readonly<Record<string, Answer>>,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const times = Object.entries(answers).map(async ([name, answer]) => {
    while (!signal.aborted && !(await answer(host).catch(() => false))) await sleep(50);
    return [name, Date.now()] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}
