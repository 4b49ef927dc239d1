import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';

/** What the program of a thread is given. */
export interface ThreadData<T> {
  readonly task: T;
  readonly port: MessagePort;
  /** How far it has come: its state, how much it has done, and whether it is to stop. */
  readonly shared: Int32Array;
}

/** Places of what is shared. */
const STATE = 0;
const WORK = 1;
const STOP = 2;

/** States. With the last, the answer is there, or there will be none. */
const STARTS = 0;
const RUNS = 1;
const ENDED = 2;

/** Milliseconds without a sign of life after which a thread is given up. */
const PATIENCE = { [STARTS]: 3_000, [RUNS]: 30_000 };

/** Milliseconds between two looks at how far it has come. */
const PAUSE = 100;

/** A program of ours in another thread. This one waits for its answer without letting anything else run, as all that it does itself is at a stretch. */
export class Thread {
  /** Whether there will be no answer, or it was given. */
  private isOver = false;

  private constructor(
    private readonly port: MessagePort,
    private readonly shared: Int32Array,
  ) {}

  /**
   * Starts one; undefined where there is no program, as the sources are run, or no thread can be had.
   * @param program name of its file, beside this one where that is bundled
   */
  static start(program: string, task: unknown): Thread | undefined {
    const place = join(__dirname, program);
    if (!existsSync(place)) return undefined;
    const shared = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData<unknown> = { task, port: port2, shared };
    try {
      // That it cannot start is told later, if at all.
      new Worker(place, { workerData, transferList: [port2] }).on('error', () => undefined).unref();
    } catch {
      return undefined;
    }
    port1.unref();
    return new Thread(port1, shared);
  }

  /** Gives it more to do. */
  post(message: unknown): void {
    this.port.postMessage(message);
  }

  /** How much it has done. */
  get work(): number {
    return Atomics.load(this.shared, WORK);
  }

  /** Tells it that nobody waits for its work any more. */
  stop(): void {
    Atomics.store(this.shared, STOP, 1);
  }

  /**
   * Waits for its answer, once; undefined when there will be none.
   * @param onWork is told how much it has done
   */
  answer(onWork?: (work: number) => void): unknown {
    if (this.isOver) return undefined;
    this.isOver = true;
    let last = Date.now();
    let before = '';
    for (;;) {
      const state = Atomics.load(this.shared, STATE);
      if (state === ENDED) return receiveMessageOnPort(this.port)?.message as unknown;
      const work = Atomics.load(this.shared, WORK);
      onWork?.(work);
      const now = Date.now();
      const sign = `${String(state)} ${String(work)}`;
      if (sign !== before) last = now;
      else if (now - last > (state === STARTS ? PATIENCE[STARTS] : PATIENCE[RUNS])) return undefined;
      before = sign;
      Atomics.wait(this.shared, STATE, state, PAUSE);
    }
  }
}

/** What the program of a thread does with what it was given. */
export class ThreadWork<T> {
  readonly task: T;
  private readonly port: MessagePort;
  private readonly shared: Int32Array;

  constructor({ task, port, shared }: ThreadData<T>) {
    this.task = task;
    this.port = port;
    this.shared = shared;
    this.become(RUNS);
  }

  /** Whether nobody waits for its work any more. */
  get isStopped(): boolean {
    return Atomics.load(this.shared, STOP) === 1;
  }

  /** Tells that more is done. */
  advance(work: number): void {
    Atomics.add(this.shared, WORK, work);
  }

  /** Takes what is given to it, one message after the other. */
  onMessage(take: (message: unknown) => void): void {
    this.port.on('message', take);
  }

  /** Ends with an answer, or without one. */
  end(answer?: unknown): void {
    if (answer !== undefined) this.port.postMessage(answer);
    this.become(ENDED);
    this.port.close();
  }

  private become(state: number): void {
    Atomics.store(this.shared, STATE, state);
    Atomics.notify(this.shared, STATE);
  }
}
