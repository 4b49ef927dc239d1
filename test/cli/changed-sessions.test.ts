import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf } from '../support/folder';
import { Program } from '../support/program';
import {
  addFiles,
  cohort,
  lab,
  project,
  projectWith,
  session,
  ROOTFS,
  settle,
  smallProject,
  temporaryFolder,
} from '../support/project';
import { Random } from '../support/random';

/** Sessions change, one or two at a time, in a project that is as it should be otherwise. */

const ROUNDS = Number(process.env['EDITS'] ?? 15);
const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const NAMES = ['alice', 'bob', 'carol'];
/** Some are what JavaScript puts in front of all others. */
const COHORTS = ['class', 'second', 'third', '101-intro', '9'];

const FILES = smallProject({
  'dozlab.yaml': project({ flux: { source: { url: 'https://git.example.com/labs.git' } } }),
  'labs/other.yaml': lab('other', {
    diskSize: { min: '6G', max: '9G' },
    values: { rootfs: { ...ROOTFS, diskSize: '8G' } },
  }),
  'sessions/second/cohort.yaml': cohort('second', { delivery: 'helm', maxSessions: 2 }),
  'sessions/third/cohort.yaml': cohort('third', {
    maxSessions: 3,
    values: { networkPolicy: { ingressNamespaces: ['ingress-nginx', 'more'] } },
  }),
  'sessions/101-intro/cohort.yaml': cohort('101-intro'),
  'sessions/9/cohort.yaml': cohort('9', { delivery: 'helm', secrets: { provider: 'generated' } }),
  ...Object.fromEntries(
    COHORTS.flatMap((name) => NAMES.map((id) => [`sessions/${name}/${name}-${id}.yaml`, session(`${name}-${id}`)])),
  ),
});

/** What a session may become: some of it matters to others, or gives something to say. */
const SPECS: readonly object[] = [
  {},
  { expiresAt: '2030-01-01T00:00:00Z' },
  { suspended: true },
  { userId: 'somebody.else@example.com' },
  { lab: 'other' },
  { lab: 'other', values: { rootfs: { diskSize: '20G' } } },
  { values: { firecracker: { vm: { memory: 2048 } } } },
  { values: { firecracker: { vm: { memory: 4096, cpuCount: 4 } } } },
  { values: { labels: { a: 'b' } } },
  { values: { terminal: { tag: 'latest' } } },
  { values: { codeServer: { image: 'example.com/vscode', tag: '1' } } },
  { values: { ingress: { enabled: true, vscode: { host: '{id}.example.com' } } } },
  { values: { ingress: { enabled: true, vscode: { host: 'same.example.com' } } } },
  { values: { workload: { kind: 'Pod' } } },
  { values: { networkPolicy: { ingressNamespaces: ['ingress-nginx'] } } },
  { secretGeneration: 2 },
  { lab: 'nothing' },
  { values: { firecracker: { vm: { memory: 'much' } } } },
];

const told = (stderr: string): string[] => stderr.split('\n').filter((line) => !/^(wrote |changed )/.test(line));

test(`synth gives what it gives in a new place (FC_SEED=${String(SEED)})`, async () => {
  const random = new Random(SEED);
  const program = new Program();
  const folder = projectWith(FILES);
  const done: string[] = [];
  await settle();
  program.run(['synth', '--project', folder]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let count = round % 3 === 0 ? 2 : 1; count > 0; count -= 1) {
      const [name, id] = [random.pick(COHORTS), random.pick(NAMES)];
      const spec = random.pick(SPECS);
      done.push(`${name}-${id}: ${JSON.stringify(spec)}`);
      addFiles(folder, { [`sessions/${name}/${name}-${id}.yaml`]: session(`${name}-${id}`, spec) });
    }
    await settle();
    const fresh = temporaryFolder();
    for (const path of ['dozlab.yaml', 'labs', 'sessions', 'dist', 'fluxcd'])
      cpSync(join(folder, path), join(fresh, path), { recursive: true });
    const checks = [
      program.run(['synth', '--check', '--project', folder]),
      program.run(['synth', '--check', '--project', fresh]),
    ];
    expect([checks[0], done.slice(-2)]).toEqual([checks[1], done.slice(-2)]);
    const [here, there] = [program.run(['synth', '--project', folder]), program.run(['synth', '--project', fresh])];
    expect([here, done.slice(-2)]).toEqual([there, done.slice(-2)]);
    for (const path of ['dist', 'fluxcd'])
      expect(contentsOf(join(folder, path))).toEqual(contentsOf(join(fresh, path)));
    // What is wrong is mended, as nothing is known of what is wrong.
    if (there.status !== 0) {
      addFiles(folder, FILES);
      await settle();
      program.run(['synth', '--project', folder]);
    }
    const again = told(program.run(['synth', '--project', folder]).stderr);
    const expected = there.status === 0 ? told(there.stderr) : again;
    expect(again).toEqual(expected);
    rmSync(fresh, { recursive: true });
  }
  await program.end();
}, 3_600_000);
