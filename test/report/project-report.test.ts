import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { git, repositoryWith, VARIABLES } from '../support/git';
import { expectGolden } from '../support/golden';
import { addFiles, project, type Files } from '../support/project';
import { dozlabRuns, type Run } from '../support/cli-runs';
import type { Risks } from '../../src/report/risks/risks';

jest.setTimeout(120_000);

const document = (kind: string, name: string, spec: object) => ({
  apiVersion: 'dozlab.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
});
const session = (id: string, spec: object = {}) =>
  document('LabSession', id, { userId: `${id}@example.com`, lab: 'docker', ...spec });
const cohort = (name: string, spec: object = {}) => document('Cohort', name, { maxSessions: 3, ...spec });
const IMAGE = { rootfs: { imageUrl: 'https://example.com/docker.ext4' } };
const lab = (values: object = {}) => document('Lab', 'docker', { values: { ...IMAGE, ...values } });
const KEPT = { volumes: { vmData: { persistence: { enabled: true } } } };

const CLASS: Files = {
  'labs/docker.yaml': lab(),
  'sessions/spring/cohort.yaml': cohort('spring'),
  'sessions/spring/ann.yaml': session('ann'),
  'sessions/spring/bob.yaml': session('bob', { values: KEPT }),
  'sessions/spring/eve.yaml': session('eve', { values: KEPT }),
};

// git in the program reads no configuration but the repository's own.
Object.assign(process.env, VARIABLES);

const runIn = (folder: string, ...commandLines: string[][]): Run[] =>
  dozlabRuns(commandLines.map((args) => [...args, '--project', folder]));

interface Made {
  readonly folder: string;
  readonly text: string;
  readonly json: ReportJson;
  readonly run: Run;
}

interface ReportJson {
  readonly fits: boolean | null;
  readonly verdict: string;
  readonly isStale: boolean;
  readonly strays: readonly { readonly path: string; readonly change: string }[];
  readonly errors: readonly { readonly code: string }[];
  readonly sessions: {
    readonly added: readonly { readonly id: string; readonly wasInvalid: boolean }[];
    readonly changed: readonly {
      readonly sessions: readonly { readonly id: string }[];
      readonly changes: readonly { readonly path: string; readonly before: string; readonly after: string }[];
      readonly effect: { readonly kind: string; readonly lost: readonly string[]; readonly kept: readonly string[] };
    }[];
    readonly ended: readonly { readonly id: string; readonly lost: readonly string[]; readonly movedTo?: string }[];
  };
  readonly images: readonly object[];
  readonly privileges: { readonly gained: readonly { readonly privilege: string; readonly sessions: number }[] };
  readonly secrets: readonly object[];
  readonly risks: Risks;
  readonly pruned: readonly { readonly kind: string; readonly name: string; readonly stays: boolean }[];
  readonly diffs: readonly { readonly paths: readonly string[] }[];
}

/** The report of a change that writes files or (undefined) removes them. */
function reportOf(base: Files, change: Files, more: string[] = [], isSynthesized = true): Made {
  const { folder } = repositoryWith(base);
  apply(folder, change);
  const before = isSynthesized ? [['synth']] : [];
  const runs = runIn(folder, ...before, ['report', ...more], ['report', '-o', 'json', ...more]);
  const [markdown, json] = runs.slice(-2) as [Run, Run];
  return { folder, run: markdown, text: markdown.stdout, json: JSON.parse(json.stdout) as ReportJson };
}

function apply(folder: string, change: Files): void {
  for (const [path, content] of Object.entries(change))
    if (content === undefined) rmSync(join(folder, path));
    else addFiles(folder, { [path]: content });
}

/** The commit differs in each run. */
const withoutCommit = (text: string): string => text.replace(/`[0-9a-f]{12}`/, '`COMMIT`');

describe('a report', () => {
  it('shows new, resized, changed and ended sessions, and a cohort over quota', () => {
    const { text, json, run } = reportOf(CLASS, {
      'sessions/spring/ann.yaml': session('ann', { values: { firecracker: { vm: { memory: 4096 } } } }),
      'sessions/spring/bob.yaml': session('bob', { values: { ...KEPT, terminal: { tag: '2.0' } } }),
      'sessions/spring/cara.yaml': session('cara', { expiresAt: '2027-01-31T18:00:00Z' }),
      'sessions/spring/dan.yaml': session('dan'),
      'sessions/spring/eve.yaml': undefined,
      'sessions/autumn/cohort.yaml': cohort('autumn', { maxSessions: 1 }),
      'sessions/autumn/fay.yaml': session('fay'),
      'sessions/autumn/gus.yaml': session('gus', { values: { firecracker: { resources: { requests: { cpu: 1 } } } } }),
    });
    expect(run.status).toBe(0);
    expectGolden('report/class.md', withoutCommit(text));
    expect(json.fits).toBe(false);
    expect(json.sessions.added.map(({ id }) => id).sort()).toEqual(['cara', 'dan', 'fay', 'gus']);
    expect(json.sessions.ended).toMatchObject([{ id: 'eve', lost: expect.arrayContaining(['workspace']) as string[] }]);
    const changed = new Map(json.sessions.changed.map((group) => [group.sessions[0]?.id, group]));
    expect(changed.get('ann')?.effect).toMatchObject({ kind: 'restarts', kept: [] });
    expect(changed.get('bob')?.effect).toMatchObject({ kind: 'restarts', kept: ['workspace'] });
    expect(changed.get('bob')?.effect.lost).not.toContain('workspace');
  });

  it('names files that Dozlab did not generate first, with the objects that they delete and apply', () => {
    const { text, json } = reportOf(CLASS, {
      'dist/infra/Kustomization': 'resources: [system/dozlab-system.yaml]\n',
      'fluxcd/apps.yaml': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'y' } },
      '.sourceignore': '/dist/sessions/spring/ann.yaml\n',
    });
    const lines = text.split('\n');
    expect(lines[1]).toBe('## Files that Dozlab did not generate change the cluster');
    expect(text).toContain('- Apart from these files, no protection is removed, ');
    const [build, ignored, apps] = lines.filter((line) => line.startsWith('- **Not generated'));
    expect(build).toMatch(
      /^- \*\*Not generated by Dozlab: `dist\/infra\/Kustomization`\*\* \(new\)\. Flux builds dist\/infra from it alone, and deletes the objects that it leaves out\. \*\*Deletes \d+ objects and everything in the namespaces\*\*: `Namespace lab-class`, `Namespace lab-spring`,/,
    );
    expect(ignored).toMatch(
      /`\.sourceignore`.*\*\*Deletes \d+ objects\*\*: `NetworkPolicy lab-spring\/lab-session-ann`/,
    );
    expect(apps).toBe('- **Not generated by Dozlab: `fluxcd/apps.yaml`** (new). Flux applies its objects with fluxcd. Applies `ConfigMap y/x`.'); // prettier-ignore
    expect(json.strays.map(({ path, change }) => [path, change])).toEqual([
      ['dist/infra/Kustomization', 'new'],
      ['fluxcd/apps.yaml', 'new'],
      ['.sourceignore', 'unchanged'],
    ]);
  });

  it('names files of people in fluxcd/ that change or are removed', () => {
    const config = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    const own = { 'dozlab.yaml': project({ flux: { ownFiles: ['mine/'] } }) };
    const base = { ...CLASS, ...own, 'fluxcd/mine/a.yaml': config('a'), 'fluxcd/mine/b.yaml': config('b') };
    const { text, json } = reportOf(base, { 'fluxcd/mine/a.yaml': config('other'), 'fluxcd/mine/b.yaml': undefined });
    expect(text).toContain('- **A file of yours is changed: `fluxcd/mine/a.yaml`**. Flux applies its objects with fluxcd/mine. Applies `ConfigMap other`.'); // prettier-ignore
    expect(text).toContain('- **A file of yours is removed: `fluxcd/mine/b.yaml`**. Flux deletes the objects that it applied from it. **Deletes 1 object**: `ConfigMap b`.'); // prettier-ignore
    expect(json.strays).toHaveLength(2);
  });

  it('shows the risks of a change in its first ten lines', () => {
    const { text, json, run } = reportOf(CLASS, {
      'dozlab.yaml': document('Project', 'test', {
        infra: { podPolicy: { enabled: false }, networkPolicy: { isolation: false, defaultDeny: false } },
      }),
      'sessions/spring/ann.yaml': session('ann', {
        values: {
          codeServer: { image: 'evil/code', tag: '1' },
          networkPolicy: { enabled: false },
          ingress: { enabled: true, terminal: { host: 'b.example.com', allowUnauthenticated: true } },
        },
      }),
    });
    expect(run.status).toBe(0);
    expectGolden('report/attack.md', withoutCommit(text));
    const first = text.split('\n').slice(0, 10).join('\n');
    for (const risk of ['6 admission policies, 9 network policies', '`b.example.com`', '`evil/code:1`', 'Data lost'])
      expect(first).toContain(risk);
    expect(json.risks.protection.map(({ change, objects, reach }) => [change, objects.length, reach.sessions])).toEqual(
      [
        ['removed', 6, 4],
        ['removed', 6, 4],
        ['removed', 9, 4],
      ],
    );
  });

  it('prints plain text for a terminal', () => {
    const { folder } = repositoryWith(CLASS);
    apply(folder, {
      'sessions/spring/ann.yaml': session('ann', { userId: '`**|x**`', values: { terminal: { tag: '2.0' } } }),
    });
    const [, run] = runIn(folder, ['synth'], ['report', '-o', 'text']) as [Run, Run];
    expect(run.stdout).toMatch(/^Sessions: 1 changed\n\n- 1 new image or source: /);
    expect(run.stdout).toContain('`**|x**`');
    expect(run.stdout).toMatch(/^ {2}terminal\.tag +latest +2\.0$/m);
    expect(run.stdout).not.toMatch(/<details>|\| ---|mermaid|^###|dist\/sessions/m);
  });

  it('says that nothing changes', () => {
    const { text, json, run } = reportOf(CLASS, {});
    expect(run.status).toBe(0);
    expect(text).toContain('## Nothing changes in the cluster');
    expect(json).toMatchObject({ fits: true, diffs: [], pruned: [], secrets: [], images: [] });
  });

  it('distinguishes changes that keep the pod from those that replace it', () => {
    const { json } = reportOf(CLASS, {
      'sessions/spring/ann.yaml': session('ann', { values: { labels: { course: 'x' } } }),
      'sessions/spring/bob.yaml': session('bob', { suspended: true, values: KEPT }),
      'sessions/spring/eve.yaml': session('eve', { expiresAt: '2027-01-31T18:00:00Z', values: KEPT }),
    });
    const effects = json.sessions.changed.map(({ sessions: [first], effect }) => [first?.id, effect.kind, effect.lost]);
    expect(effects).toEqual([
      ['ann', 'runs on', []],
      ['bob', 'stops', ['root file system of the microVM', 'VS Code settings and home']],
      ['eve', 'runs on', []],
    ]);
  });

  it('shows no lost data of sessions that do not run', () => {
    const stopped = { suspended: true };
    const base = {
      ...CLASS,
      'sessions/spring/ann.yaml': session('ann', stopped),
      'sessions/spring/bob.yaml': session('bob', stopped),
    };
    const { json } = reportOf(base, {
      'sessions/spring/ann.yaml': session('ann', { ...stopped, values: { terminal: { tag: '2.0' } } }),
      'sessions/spring/bob.yaml': session('bob', { suspended: false }),
    });
    expect(json.sessions.changed.map(({ effect }) => [effect.kind, effect.lost])).toEqual([
      ['runs on', []],
      ['starts', []],
    ]);
  });

  it('shows the lost data of a deleted claim, also of suspended sessions', () => {
    const kept = { volumes: { vmData: { persistence: { enabled: true } } } };
    const pod = { workload: { kind: 'Pod' } };
    const base = {
      ...CLASS,
      'sessions/spring/ann.yaml': session('ann', { suspended: true, values: kept }),
      'sessions/spring/bob.yaml': session('bob', { suspended: true, values: kept }),
      'sessions/spring/eve.yaml': session('eve', { values: { ...kept, ...pod } }),
      'sessions/spring/fay.yaml': session('fay', { suspended: true, values: { ...kept, ...pod } }),
    };
    const { json, text } = reportOf(base, {
      'sessions/spring/ann.yaml': session('ann', { suspended: true }),
      'sessions/spring/bob.yaml': session('bob', { suspended: false }),
      'sessions/spring/eve.yaml': session('eve', { suspended: true, values: pod }),
      'sessions/spring/fay.yaml': session('fay', { suspended: true, values: pod }),
    });
    const effects = json.sessions.changed.flatMap(({ sessions, effect }) =>
      sessions.map(({ id }): [string, unknown] => [id, [effect.kind, effect.lost]]),
    );
    expect(Object.fromEntries(effects)).toEqual({
      ann: ['runs on', ['workspace']],
      bob: ['starts', ['workspace']],
      eve: ['stops', ['root file system of the microVM', 'workspace', 'VS Code settings and home']],
      fay: ['runs on', ['workspace']],
    });
    expect(text).toContain('- **Data lost**: 2 sessions of `spring` lose workspace (a claim is deleted); ');
    expect(text).not.toContain('no data is lost');
  });

  it.each([
    ['a smaller size', { sizeLimit: '2Gi' }, {}],
    ['another storage class', {}, { storageClassName: 'slow' }],
    ['other access modes', {}, { accessModes: ['ReadWriteMany'] }],
  ])('shows that the cluster refuses a claim with %s', (_, size, more) => {
    const kept = (volume: object, claim: object) =>
      session('ann', {
        values: {
          volumes: { vmData: { ...volume, persistence: { enabled: true, storageClassName: 'fast', ...claim } } },
        },
      });
    const base = { ...CLASS, 'sessions/spring/ann.yaml': kept({}, {}) };
    const { json, text } = reportOf(base, { 'sessions/spring/ann.yaml': kept(size, more) });
    expect(json.sessions.changed).toMatchObject([
      { effect: { kind: 'cannot change', refused: 'PersistentVolumeClaim', lost: [] } },
    ]);
    expect(text).toContain('**The cluster refuses 1 change**');
  });

  it('accepts more tolerations of a bare Pod, and not fewer', () => {
    const pod = (...keys: string[]) =>
      session('ann', {
        values: { workload: { kind: 'Pod' }, tolerations: keys.map((key) => ({ key, operator: 'Exists' })) },
      });
    const kindOf = (before: unknown, after: unknown) => {
      const base = { ...CLASS, 'sessions/spring/ann.yaml': before };
      const { json } = reportOf(base, { 'sessions/spring/ann.yaml': after });
      return json.sessions.changed[0]?.effect.kind;
    };
    expect(kindOf(pod('a'), pod('a', 'b'))).toBe('runs on');
    expect(kindOf(pod('a', 'b'), pod('a'))).toBe('cannot change');
  });

  it('shows that a claim may grow', () => {
    const kept = (sizeLimit: string) =>
      session('ann', { values: { volumes: { vmData: { sizeLimit, persistence: { enabled: true } } } } });
    const base = { ...CLASS, 'sessions/spring/ann.yaml': kept('5Gi') };
    const { json } = reportOf(base, { 'sessions/spring/ann.yaml': kept('8Gi') });
    expect(json.sessions.changed).toMatchObject([{ effect: { kind: 'runs on', lost: [] } }]);
  });

  it('shows a bare Pod that cannot change, a new delivery that recreates, and a moved session as new', () => {
    const pod = (values: object = {}) => session('ann', { values: { workload: { kind: 'Pod' }, ...values } });
    const source = { flux: { source: { url: 'https://example.com/labs.git' } } };
    const base = {
      ...CLASS,
      'dozlab.yaml': document('Project', 'labs', source),
      'sessions/spring/ann.yaml': pod(),
      'sessions/autumn/cohort.yaml': cohort('autumn'),
      'sessions/autumn/fay.yaml': session('fay'),
    };
    const { json, text } = reportOf(base, {
      'sessions/spring/ann.yaml': pod({ network: { vmIp: '172.16.0.9' } }),
      'sessions/autumn/cohort.yaml': cohort('autumn', { delivery: 'helm' }),
      'sessions/spring/bob.yaml': undefined,
      'sessions/autumn/bob.yaml': session('bob'),
    });
    const effects = new Map(json.sessions.changed.map(({ sessions: [first], effect }) => [first?.id, effect.kind]));
    expect(Object.fromEntries(effects)).toEqual({ ann: 'cannot change', fay: 'is recreated' });
    expect(json.sessions.ended).toMatchObject([{ id: 'bob', movedTo: 'autumn' }]);
    expect(text).toContain('**The cluster refuses 1 change**');
    expect(text).toContain('`delivery kustomize → helm`');
  });

  it('shows gained privileges and new images', () => {
    const { json, text } = reportOf(CLASS, {
      'labs/docker.yaml': lab({ codeServer: { image: 'example.com/code', tag: '1.0' } }),
      'sessions/spring/cohort.yaml': cohort('spring', {
        infra: { roles: { viewers: { groups: ['teachers'] } } },
      }),
    });
    expect(json.images).toEqual([
      { of: 'codeServer', before: 'codercom/code-server:latest', after: 'example.com/code:1.0', sessions: 3 },
    ]);
    expect(json.privileges.gained.map(({ privilege }) => privilege).join()).toContain('Group teachers');
    expect(text).toContain('**gained**');
    // Equal changes are one group.
    expect(json.sessions.changed.map(({ sessions }) => sessions.length)).toEqual([1, 2]);
  });

  it('shows pruned objects and the lost data', () => {
    const { json, text } = reportOf(CLASS, {
      'sessions/spring/cohort.yaml': undefined,
      'sessions/spring/ann.yaml': undefined,
      'sessions/spring/bob.yaml': undefined,
      'sessions/spring/eve.yaml': undefined,
    });
    const kinds = json.pruned.filter(({ stays }) => !stays).map(({ kind, name }) => `${kind} ${name}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'Namespace lab-spring',
        'PersistentVolumeClaim lab-session-bob-vm-data',
        'Kustomization lab-spring',
      ]),
    );
    expect(text).toContain(
      '- **Data lost**: 3 sessions of `spring` end with all data; 2 claims deleted; namespace `lab-spring` deleted with everything in it.',
    );
  });

  it('shows errors of the project, and stale output', () => {
    const broken = reportOf(CLASS, { 'sessions/spring/ann.yaml': session('ann', { lab: 'nowhere' }) });
    expect(broken.run.status).toBe(1);
    expect(broken.text).toContain('## Not valid: 1 error');
    expect(broken.text).toContain('sessions/spring/ann.yaml:7:8 spec.lab is "nowhere"');
    expect(broken.json.sessions.ended).toEqual([]);
    expect(broken.json.pruned).toEqual([]);
    const stale = reportOf(CLASS, { 'sessions/spring/ann.yaml': undefined }, [], false);
    expect(stale.json.isStale).toBe(true);
    expect(stale.text).toContain('is stale');
    expect(stale.json.sessions.ended).toMatchObject([{ id: 'ann' }]);
  });

  it('compares with the output of the base commit, not with its session files', () => {
    const { root, folder } = repositoryWith(CLASS);
    apply(folder, { 'sessions/spring/dan.yaml': session('dan') });
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message=not synthesized');
    apply(folder, { 'sessions/spring/dan.yaml': session('dan', { values: { terminal: { tag: '2.0' } } }) });
    const [, run] = runIn(folder, ['synth'], ['report', '-o', 'json', '--base', 'HEAD']) as [Run, Run];
    const { sessions } = JSON.parse(run.stdout) as ReportJson;
    expect(sessions.added).toMatchObject([{ id: 'dan', wasInvalid: true }]);
    expect(sessions.changed).toEqual([]);
  });

  it('shows no privileges or diffs of a new cohort that equals the others', () => {
    const base = {
      ...CLASS,
      'sessions/default/cohort.yaml': document('Cohort', 'default', {}),
      'sessions/default/zoe.yaml': session('zoe'),
    };
    const { json } = reportOf(base, {
      'sessions/winter/cohort.yaml': document('Cohort', 'winter', {}),
      'sessions/winter/kim.yaml': session('kim'),
    });
    expect(json.diffs).toEqual([]);
    expect(json.privileges).toMatchObject({ gained: [], dropped: [], policies: [] });
  });

  it('compares with the commit where the branch began', () => {
    const { folder } = repositoryWith(CLASS);
    git(folder, 'checkout', '--quiet', '-b', 'mine');
    apply(folder, { 'sessions/spring/dan.yaml': session('dan') });
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=mine');
    git(folder, 'checkout', '--quiet', 'main');
    apply(folder, { 'sessions/spring/ann.yaml': undefined });
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=theirs');
    git(folder, 'checkout', '--quiet', 'mine');
    const [run] = runIn(folder, ['report', '-o', 'json', '--base', 'main']) as [Run];
    const { sessions } = JSON.parse(run.stdout) as ReportJson;
    expect(sessions.added.map(({ id }) => id)).toEqual(['dan']);
    expect(sessions.ended).toEqual([]);
  });

  it('compares a project in a subfolder, without output in Git, and without a common commit', () => {
    const { root, folder } = repositoryWith(CLASS, 'deep/labs');
    git(root, 'rm', '-r', '--quiet', '--cached', 'deep/labs/dist', 'deep/labs/fluxcd');
    git(root, 'commit', '--quiet', '--message=without');
    apply(folder, { 'sessions/spring/dan.yaml': session('dan') });
    git(root, 'checkout', '--quiet', '--orphan', 'other');
    git(root, 'commit', '--quiet', '--allow-empty', '--message=all');
    const [withOutput, unrelated] = runIn(
      folder,
      ['report', '-o', 'json', '--base', 'main'],
      ['report', '-o', 'json', '--base', 'main~1'],
    ) as [Run, Run];
    const first = JSON.parse(withOutput.stdout) as ReportJson;
    expect(first.sessions.added.map(({ id }) => id)).toEqual(['dan']);
    expect(first.diffs).toEqual([]);
    expect(JSON.parse(unrelated.stdout)).toMatchObject({ base: { isCommon: false } });
  });

  it.each([
    [
      'an unknown branch',
      ['--base', 'nowhere'],
      2,
      '--base is "nowhere", which does not exist in this clone. Fix: use a branch, tag or commit of this clone',
    ],
    [
      'an option in place of a branch',
      ['--base=--output=x'],
      2,
      '--base is "--output=x", which does not exist in this clone. Fix: use a branch, tag or commit of this clone',
    ],
  ])('refuses %s', (_, args, status, message) => {
    const { folder } = repositoryWith(CLASS);
    const [run] = runIn(folder, ['report', ...args]) as [Run];
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
  });
});
