// Measures one way of making sessions' manifests in a process of its own. Usage: node measure.mjs WAY COUNT FOLDER
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dozlab from '../build/src/index.js';

const [way, countText, folder] = process.argv.slice(2);
const count = Number(countText);

const inputOf = (index) => ({
  session: { id: `session-${index}`, userId: `student${index}@example.com`, expiresAt: '2030-01-01T00:00:00Z' },
  rootfs: { imageUrl: 'https://example.com/dozlab-k8s.ext4', diskSize: '8G' },
  firecracker: { vm: { cpuCount: 2, memory: 2048 } },
  labels: { course: 'kubernetes-101', cohort: '2024-spring' },
  ...(index % 3 === 0 ? { ingress: { enabled: true, vscode: { host: '{id}.labs.example.com' } } } : {}),
});

const numbers = Array.from({ length: count }, (_, index) => index);
const all = numbers.map((index) => dozlab.parseValues(inputOf(index)));
const place = mkdtempSync(join(folder, 'dozlab-bench-'));
const path = (index) => join(place, `${index % 40}`, `${index}.yaml`);
for (let cohort = 0; cohort < 40; cohort += 1) mkdirSync(join(place, String(cohort)));

const ways = {
  compiled: () => {
    dozlab.labSessionChart.text(all[0], 'labs'); // compiled once, as in any run
    return () =>
      numbers.forEach((index) => writeFileSync(path(index), dozlab.labSessionChart.text(all[index], 'labs')));
  },
  write: () => {
    const texts = all.map((values) => dozlab.labSessionChart.text(values, 'labs'));
    return () => numbers.forEach((index) => writeFileSync(path(index), texts[index]));
  },
  cdk8s: () => () =>
    numbers.forEach((index) =>
      writeFileSync(path(index), dozlab.toYaml(dozlab.labSessionChart.objects(all[index], 'labs'))),
    ),
  helm: () => {
    const chart = join(place, 'chart');
    for (const { path: file, content } of dozlab.chartFiles()) {
      mkdirSync(join(chart, file, '..'), { recursive: true });
      writeFileSync(join(chart, file), content);
    }
    numbers.forEach((index) => writeFileSync(join(place, `${index}.json`), JSON.stringify(inputOf(index))));
    const helm = process.env.HELM ?? 'helm';
    return () =>
      numbers.forEach((index) =>
        writeFileSync(
          path(index),
          execFileSync(helm, [
            'template',
            'x',
            chart,
            '--namespace',
            'labs',
            '--kube-version',
            '1.36.0',
            '--values',
            join(place, `${index}.json`),
          ]),
        ),
      );
  },
};

const run = ways[way]();
const start = process.hrtime.bigint();
run();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
rmSync(place, { recursive: true });
process.stdout.write(JSON.stringify({ way, count, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
