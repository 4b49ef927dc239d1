// Compares ways of making sessions' manifests, side by side in one run: medians of interleaved runs, each in a process of its own.
import { execFileSync } from 'node:child_process';
import { accessSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 5;
const SHARED_MEMORY = '/dev/shm';
const isThere = (path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
};
const folder = isThere(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
const bin =
  process.env.CLUSTER_BIN || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dozlab-cluster', 'bin');
const helm = process.env.HELM || join(bin, 'helm');

const measure = (way, count) =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [fileURLToPath(new URL('measure.mjs', import.meta.url)), way, String(count), folder],
      { encoding: 'utf8', env: { ...process.env, HELM: helm } },
    ),
  );
const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

const plan = [
  ['write', 1000, RUNS],
  ['compiled', 1000, RUNS],
  ['write', 10000, RUNS],
  ['compiled', 10000, RUNS],
  ['cdk8s', 1000, 1],
  ...(isThere(helm) ? [['helm', 20, 1]] : []),
];
const results = new Map(plan.map(([way, count]) => [`${way} ${count}`, []]));
for (let turn = 0; turn < RUNS; turn += 1) {
  for (const [way, count, runs] of plan) if (turn < runs) results.get(`${way} ${count}`).push(measure(way, count));
}
const rows = Array.from(results.values(), (runs) => ({
  way: runs[0].way,
  sessions: runs[0].count,
  seconds: median(runs.map(({ seconds }) => seconds)),
  megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
}));
const per = ({ seconds, sessions }) => (seconds / sessions) * 1e6;
const of = (way, sessions) => rows.find((row) => row.way === way && row.sessions === sessions);
const base = of('compiled', 10000);

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
} else {
  process.stdout.write(
    `files are written to ${folder === SHARED_MEMORY ? 'memory' : 'disk'}; medians of ${RUNS} interleaved runs (cdk8s and helm: one sample)\n\n`,
  );
  process.stdout.write(
    'way                            sessions   seconds   µs a session   against compiled   peak MB\n',
  );
  const names = {
    write: 'writing the same bytes only',
    compiled: 'compiled and written',
    cdk8s: 'a cdk8s app a session',
    helm: 'helm template a session',
  };
  for (const row of rows) {
    process.stdout.write(
      `${names[row.way].padEnd(30)} ${String(row.sessions).padStart(8)} ${row.seconds.toFixed(3).padStart(9)} ${per(row).toFixed(0).padStart(14)} ${`${(per(row) / per(base)).toFixed(2)}x`.padStart(18)} ${row.megabytes.toFixed(0).padStart(9)}\n`,
    );
  }
  process.stdout.write(`\ncompiled against writing only: ${(base.seconds / of('write', 10000).seconds).toFixed(2)}x\n`);
  process.stdout.write(
    `10,000 against 1,000 sessions, a session: ${(per(base) / per(of('compiled', 1000))).toFixed(2)}x\n`,
  );
  if (!isThere(helm)) process.stdout.write('helm was not measured: npm run test:cluster builds it\n');
}
