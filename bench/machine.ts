import { cpus, loadavg, totalmem } from 'node:os';
import type { Place } from './place';
import type { Machine } from './results';
import type { OtherTools } from './tools';

export function machine({ storage }: Place, { helm, kustomize }: OtherTools): Machine {
  const all = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpus: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    helm: helm?.version ?? null,
    kustomize: kustomize?.version ?? null,
    storage,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}
