const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does something that is either done as a whole or taken back, even when the process is told to end meanwhile. */
export function uninterrupted<T>(work: () => T): T {
  // The programs that it runs do end: then the work fails, and takes back what is done.
  const wait = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    return work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}
