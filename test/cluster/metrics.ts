import { kubectl } from './cluster';
import { systems } from './systems';

/** The sum of a metric over its labels, in the form of Prometheus. */
export const sumOf = (text: string, metric: string): number =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Math.max(0, Number(line.slice(line.lastIndexOf(' ') + 1))), 0);

export const apiServerMetrics = (): string => kubectl.run(['get', '--raw', '/metrics']);

/** The text at an address. A connection that was kept from the time before may be closed just when it is used again. */
const textAt = async (url: string): Promise<string> => (await fetch(url).catch(() => fetch(url))).text();

/** A metric of the API server's process and of those of Flux's controllers, by name. */
async function ofProcesses(metric: string): Promise<Readonly<Record<string, number>>> {
  const texts = await Promise.all(
    Object.entries(systems().metrics).map(async ([name, url]) => [name, await textAt(url)] as const),
  );
  const all = [...texts, ['kube-apiserver', apiServerMetrics()] as const];
  return Object.fromEntries(all.map(([name, text]) => [name, sumOf(text, metric)]));
}

/** Resident memory in bytes, by name. */
export const memoryOf = () => ofProcesses('process_resident_memory_bytes');

/** Seconds of a core that they have taken so far, all together: it varies less than time with what else the machine does. */
export async function coreSeconds(): Promise<number> {
  const all = await ofProcesses('process_cpu_seconds_total');
  return Object.values(all).reduce((sum, each) => sum + each, 0);
}
