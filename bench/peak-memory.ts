import { readFileSync } from 'node:fs';

const OFTEN_MS = 10;

/** Polls because Linux drops the peak when the process ends. In MB. */
export function followPeakMemory(pid: number): () => number | null {
  let peak: number | null = null;
  const look = () => {
    peak = peakOf(pid) ?? peak;
  };
  const timer = setInterval(look, OFTEN_MS);
  look();
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined; // it has ended, or this is not Linux
  }
}
