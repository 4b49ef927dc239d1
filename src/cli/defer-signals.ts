const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Delays signals, so that the work completes or is undone. */
export function deferSignals<T>(work: () => T): T {
  // Child processes do get the signal: then the work fails and undoes its changes.
  const wait = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    return work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}
