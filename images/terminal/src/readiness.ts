import { connect } from 'node:net';
import { noAnswer, noBanner, notSsh, timeOut, type VmAddress, type VmProblem } from './vm-problem';

export interface ReadinessTimes {
  /** @default 5000 */
  readonly probeMs?: number;
  /** How long an answer waits for a running probe. Less than the time-out of Kubernetes' probes. @default 800 */
  readonly waitMs?: number;
  /** How long a result is used again. @default 1000 */
  readonly freshMs?: number;
  /** How long a result is used while the next probe takes longer than `waitMs`. @default 10000 */
  readonly staleMs?: number;
}

interface Result {
  readonly problem: VmProblem | undefined;
  readonly time: number;
}

const BANNER_LIMIT = 8192;

/** Whether the VM's SSH answers. Many callers share one probe. */
export class Readiness {
  private last: Result | undefined;
  private running: Promise<Result> | undefined;
  private readonly times: Required<ReadinessTimes>;

  constructor(
    private readonly vm: VmAddress,
    private readonly onDown: () => void,
    times: ReadinessTimes = {},
  ) {
    this.times = { probeMs: 5000, waitMs: 800, freshMs: 1000, staleMs: 10_000, ...times };
  }

  /** Gives what is wrong, or undefined if SSH answers. */
  async problem(): Promise<VmProblem | undefined> {
    if (this.isYounger(this.times.freshMs)) return this.last?.problem;
    this.running ??= this.probe();
    const result = await within(this.times.waitMs, this.running);
    if (result !== undefined) return result.problem;
    return this.isYounger(this.times.staleMs) ? this.last?.problem : noBanner(this.vm);
  }

  private isYounger(age: number): boolean {
    return this.last !== undefined && performance.now() - this.last.time < age;
  }

  private async probe(): Promise<Result> {
    const problem = await bannerProblem(this.vm, this.times.probeMs);
    if (problem?.isDown === true) this.onDown();
    this.last = { problem, time: performance.now() };
    this.running = undefined;
    return this.last;
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)));
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads the first line of SSH, before which a server may send others (RFC 4253, 4.2). */
function bannerProblem(vm: VmAddress, timeout: number): Promise<VmProblem | undefined> {
  return new Promise((resolve) => {
    const socket = connect(vm);
    let isConnected = false;
    let text = '';
    const end = (problem: VmProblem | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(problem);
    };
    const timer = setTimeout(() => {
      end(isConnected ? noBanner(vm) : noAnswer(vm, timeOut()));
    }, timeout);
    socket
      .on('connect', () => (isConnected = true))
      .on('data', (data) => {
        text += data.toString('latin1');
        if (/^SSH-/m.test(text)) end(undefined);
        else if (text.length > BANNER_LIMIT) end(notSsh(vm));
      })
      .on('end', () => end(text === '' ? noBanner(vm) : notSsh(vm)))
      .on('error', (error) => end(noAnswer(vm, error)));
  });
}
