import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, keptIn } from '../support/folder';
import { addFiles, cohort, session, temporaryFolder } from '../support/project';
import { SEALED, SECRET_FILE, SESSION_FILE, secretProject, sops } from '../support/secret-project';
import { bareEnvironment, secretRuns, type SecretRun } from '../support/secret-runs';
import { AGE_KEYS, PRIVATE_KEY } from '../support/test-keys';

/** Runs of many commands with planted passwords: no file and no output contains one, in any form. */
const PLANTED = ['hunter2-planted', 'hünter2 "planted" \\ 😀', 'hunter2: {planted} #'];
const forms = (password: string): string[] => {
  const bytes = Buffer.from(password);
  const coded = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').slice(shift === 0 ? 0 : 4, -4)); // prettier-ignore
  return [
    password,
    bytes.toString('hex'),
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    ...coded,
  ];
};
const FORMS = PLANTED.flatMap(forms);
const shownIn = (text: string): string[] => FORMS.filter((form) => text.includes(form));

const PROVIDERS: Readonly<Record<string, object>> = {
  existing: {},
  generated: { provider: 'generated' },
  'external-secrets': { provider: 'external-secrets', externalSecrets: { secretStoreRef: { name: 'vault' } } },
  'sealed-secrets': SEALED,
  sops: sops(AGE_KEYS[0].recipient, AGE_KEYS[1].recipient),
  'sops without recipients': sops(),
};

/** Commands on a project. Only `reveal` may print a password, so its keys here do not open one. */
const commands = (folder: string): SecretRun[] => {
  const run = (input: string, ...args: string[]): SecretRun => ({ args: [...args, '--project', folder], input });
  return [
    ...PLANTED.flatMap((password) => [
      run(password, 'secret', 'set', 'alice'),
      run(`${password}\n`, 'secret', 'set', 'class/bob'),
    ]),
    run(`${PLANTED[0] ?? ''}\u0007`, 'secret', 'set', 'alice'),
    run(`${PLANTED.join('\n')}\n`, 'secret', 'set', 'alice'),
    run(PLANTED[0] ?? '', 'secret', 'set', 'nobody'),
    run(PLANTED[0] ?? '', 'secret', 'set', 'flawed'),
    run(PLANTED[0] ?? '', 'secret', 'set', 'alice', PLANTED[0] ?? ''),
    run(PLANTED[1] ?? '', 'secret', 'set'),
    run(PLANTED[1] ?? '', 'secret', 'rotate', 'bob'),
    run('', 'secret', 'status', '-o', 'json'),
    run('', 'validate', '-o', 'json'),
    run('', 'synth'),
    { ...run('', 'secret', 'reveal', 'alice'), env: { SOPS_AGE_KEY: AGE_KEYS[2].identity } },
    run('', 'secret', 'reveal', 'alice', '--private-key', join(folder, 'other.pem')),
    run(PLANTED[0] ?? '', 'secret', 'set', 'alice', '--private-key', join(folder, 'other.pem')),
  ];
};

/** Programs that print their input on standard error, and fail. */
function addLoudPrograms(folder: string): void {
  const text =
    '#!/bin/sh\n[ "$1" = --version ] && exit 0\nwhile IFS= read -r line; do echo "$line" >&2; done\nexit 3\n';
  for (const name of ['kubectl', 'sops']) {
    addFiles(folder, { [name]: text });
    chmodSync(join(folder, name), 0o755);
  }
}

/** Providers that write a file, without programs and with failing ones. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  'without programs': ['sealed-secrets', 'sops'],
  'with programs that fail': ['sealed-secrets'],
};

describe.each(Object.entries(PROVIDERS))('planted passwords with the provider %s', (provider, secrets) => {
  test.each(Object.entries(KEPT))('are in no file and in no output: %s', (how, kept) => {
    const files = { 'sessions/class/bob.yaml': session('bob'), 'other.pem': PRIVATE_KEY.slice(0, 300) };
    const folder = secretProject(secrets, {
      ...files,
      'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm' }),
    });
    const programs = temporaryFolder();
    if (how !== 'without programs') addLoudPrograms(programs);
    const home = bareEnvironment(programs)['HOME'] ?? '';
    const all = commands(folder);
    const good = secretRuns(all, programs);
    addFiles(folder, { [SESSION_FILE]: session('alice', { lab: 'none' }), 'sessions/class/flawed.yaml': '{' });
    const bad = secretRuns(all.slice(-9), programs);
    const runs = [...good, ...bad];

    expect(runs.flatMap(({ stdout, stderr }) => shownIn(stdout + stderr))).toEqual([]);
    expect(runs.filter(({ status, stderr }) => ![0, 1, 2].includes(status) || /^ +at /m.test(stderr))).toEqual([]);
    expect(shownIn(keptIn(folder))).toEqual([]);
    for (const place of [folder, home]) {
      const found = Array.from(contentsOf(place)).filter(([path, text]) => shownIn(path + text).length > 0);
      expect(found.map(([path]) => path)).toEqual([]);
      expect(Array.from(contentsOf(place).keys()).filter((path) => path.endsWith('.tmp'))).toEqual([]);
    }
    expect(contentsOf(folder).has(SECRET_FILE)).toBe(kept.includes(provider));
  });
});
