const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs work that must end completely or be undone, even if the process gets a signal to end. */
export function deferSignals<T>(work: () => T): T {
  // Child processes do get the signal: then the work fails and undoes what it has done.
  const wait = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    return work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}
