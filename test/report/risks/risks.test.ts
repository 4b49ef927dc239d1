import { snapshotOfFolder } from '../../../src/report/changes/snapshot';
import { cohort, lab, project, projectWith, ROOTFS, session, smallProject, type Files } from '../../support/project';
import { reportOfChange } from '../../support/report';
import { riskLines } from '../../../src/report/text/risk-lines';
import type { Risks } from '../../../src/report/risks/risks';

jest.setTimeout(60_000);

const risksOf = (before: Files, after: Files): Risks => reportOfChange(before, after).risks;

const infra = (settings: object): Files => ({ 'dozlab.yaml': project({ infra: settings }) });
const values = (of: object): Files => ({ 'dozlab.yaml': project({ values: of }) });
const ofAlice = (of: object): Files => ({ 'sessions/class/alice.yaml': session('alice', { values: of }) });
const protection = ({ protection: all }: Risks): string[] =>
  all.flatMap(({ change, objects }) => objects.map((object) => `${change} ${object}`));

describe('protection', () => {
  test('is removed with policies, limits and bindings of namespaces that stay', () => {
    const before = infra({ quota: { hard: { pods: 5 } }, limitRange: { max: { memory: '8Gi' } } });
    const after = infra({ quota: { enabled: false }, limitRange: { enabled: false }, podPolicy: { enabled: false } });
    const { protection: found } = risksOf(before, after);
    expect(found.map(({ change, kind, objects }) => [change, kind, objects.length])).toEqual([
      ['removed', 'ValidatingAdmissionPolicy', 3],
      ['removed', 'ValidatingAdmissionPolicyBinding', 3],
      ['removed', 'ResourceQuota', 1],
      ['removed', 'LimitRange', 1],
    ]);
    for (const { reach } of found) expect(reach).toEqual({ sessions: 1, cohorts: ['class'] });
  });

  test.each<[string, Files, Files, string[]]>([
    ['a higher quota', infra({ quota: { hard: { pods: 5, cpu: 4 } } }), infra({ quota: { hard: { pods: 500 } } }), ['weaker ResourceQuota lab-class/lab-sessions: no longer limits cpu', 'weaker ResourceQuota lab-class/lab-sessions: pods 5 → 500']], // prettier-ignore
    ['a higher maximum', infra({ limitRange: { max: { memory: '8Gi' } } }), infra({ limitRange: { max: { memory: '16Gi' } } }), ['weaker LimitRange lab-class/lab-sessions: max of Container memory 8Gi → 16Gi']], // prettier-ignore
    ['a lower quota', infra({ quota: { hard: { pods: 5 } } }), infra({ quota: { hard: { pods: 4 } } }), []],
    ['more ingress of a session', {}, ofAlice({ networkPolicy: { extraIngress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] } }), ['weaker NetworkPolicy lab-class/lab-session-alice: allows more']], // prettier-ignore
    ['fewer blocked ranges of all', {}, values({ networkPolicy: { blockedRanges: ['10.0.0.0/8'] } }), ['weaker NetworkPolicy lab-class/lab-session-alice: allows more', 'weaker NetworkPolicy lab-class/session-isolation: allows more']], // prettier-ignore
    ['more blocked ranges', values({ networkPolicy: { blockedRanges: ['10.0.0.0/8'] } }), {}, []],
    ['no policy of a session', {}, ofAlice({ networkPolicy: { enabled: false } }), ['removed NetworkPolicy lab-class/lab-session-alice']], // prettier-ignore
    ['the end of a cohort', { 'sessions/other/cohort.yaml': cohort('other') }, { 'sessions/other/cohort.yaml': undefined }, []], // prettier-ignore
    [
      'the end of a session',
      { 'sessions/class/bob.yaml': session('bob') },
      { 'sessions/class/bob.yaml': undefined },
      [],
    ],
    ['another label', {}, values({ labels: { course: 'x' } }), []],
  ])('changes with %s', (_, before, after, expected) => {
    const files = { 'dozlab.yaml': project(), ...before };
    expect(protection(risksOf(files, { 'dozlab.yaml': project(), ...after })).sort()).toEqual(expected);
  });

  test('is missing in a new cohort and a new session that have less than the others', () => {
    const risks = risksOf(
      {},
      {
        'sessions/open/cohort.yaml': cohort('open', { infra: { podPolicy: { enabled: false }, networkPolicy: { defaultDeny: false } } }), // prettier-ignore
        'sessions/open/eve.yaml': session('eve', { values: { networkPolicy: { enabled: false } } }),
      },
    );
    expect(protection(risks)).toEqual(
      expect.arrayContaining([
        'missing ValidatingAdmissionPolicy lab-open',
        'missing NetworkPolicy lab-open/default-deny',
        'missing NetworkPolicy lab-open/lab-session-eve',
      ]),
    );
    expect(riskLines(risks)[0]).toBe(
      '**Protection missing that others have**: 3 admission policies, 4 network policies (reaches 1 session of `open`).',
    );
  });

  test('is missing in the first cohort that has less than the defaults', () => {
    const none = { 'sessions/class/cohort.yaml': undefined, 'sessions/class/alice.yaml': undefined };
    const open = cohort('class', { infra: { podPolicy: { enabled: false } } });
    expect(protection(risksOf(none, { 'sessions/class/cohort.yaml': open }))).toContain(
      'missing ValidatingAdmissionPolicy lab-class',
    );
    expect(protection(risksOf(none, { 'sessions/class/cohort.yaml': cohort('class') }))).toEqual([]);
  });

  test('is not removed when only the name of an object changes', () => {
    const folder = projectWith(smallProject());
    const { output } = snapshotOfFolder(folder);
    const path = 'dist/infra/namespaces/lab-class.yaml';
    const old = output.get(path)?.content.replaceAll('lab-class.secrets', 'lab-class-secrets') ?? '';
    expect(old).toContain('name: lab-class-secrets');
    expect(protection(risksOf({ [path]: old }, {}))).toEqual([]);
  });

  test('is removed when a cohort moves to a namespace without it', () => {
    const moved = { 'sessions/class/cohort.yaml': cohort('class', { namespace: 'default' }) };
    expect(protection(risksOf({}, moved))).toEqual(
      expect.arrayContaining([
        'removed ValidatingAdmissionPolicy default',
        'removed NetworkPolicy default/default-deny',
      ]),
    );
  });
});

describe('access without login', () => {
  const LOGIN = { 'nginx.ingress.kubernetes.io/auth-url': 'https://login.example.com' };
  const ingress = (terminal: object) => ({ ingress: { enabled: true, terminal: { host: '{id}.example.com', ...terminal } } }); // prettier-ignore
  const httpRoute = { httpRoute: { enabled: true, parentRefs: [{ name: 'gate' }], terminal: { host: 'b.example.com', allowUnauthenticated: true } } }; // prettier-ignore

  test.each<[string, object, object, [string, string[]][]]>([
    ['an Ingress', {}, ingress({ allowUnauthenticated: true }), [['terminal', ['alice.example.com']]]],
    ['an Ingress that loses its login', ingress({ annotations: LOGIN }), ingress({ allowUnauthenticated: true }), [['terminal', ['alice.example.com']]]], // prettier-ignore
    ['an Ingress with a login', {}, ingress({ annotations: LOGIN }), []],
    ['an HTTPRoute', {}, httpRoute, [['terminal', ['b.example.com']]]],
    ['VS Code, which has a password', {}, { ingress: { enabled: true, vscode: { host: 'a.example.com' } } }, []],
    ['a port of all nodes', {}, { service: { type: 'NodePort' } }, [['terminal', ['Service NodePort']], ['SSH of the microVM', ['Service NodePort']]]], // prettier-ignore
    ['a door that was open', httpRoute, { ...httpRoute, labels: { a: 'b' } }, []],
  ])('%s', (_, before, after, expected) => {
    const { access } = risksOf(ofAlice(before), ofAlice(after));
    expect(access.map(({ app, places }) => [app, places])).toEqual(expected);
  });

  test('new sessions count, although others have such a door', () => {
    const open = session('bob', { values: ingress({ allowUnauthenticated: true }) });
    const { access } = risksOf(ofAlice(ingress({ allowUnauthenticated: true })), { 'sessions/class/bob.yaml': open });
    expect(access).toEqual([
      { app: 'terminal', places: ['bob.example.com'], reach: { sessions: 1, cohorts: ['class'] } },
    ]);
  });
});

describe('new images', () => {
  test.each<[string, Files, [string, string, boolean][]]>([
    ['another tag', ofAlice({ terminal: { tag: '2.0' } }), [['dozman99/dozlab-terminal:2.0', 'version', false]]],
    [
      'another repository',
      ofAlice({ codeServer: { image: 'evil/code' } }),
      [['evil/code:latest', 'repository', false]],
    ],
    ['another registry', ofAlice({ codeServer: { image: 'registry.example.com/code' } }), [['registry.example.com/code:latest', 'registry', false]]], // prettier-ignore
    ['another host of a root file system', ofAlice({ rootfs: { imageUrl: 'https://evil.example.com/x.ext4' } }), [['https://evil.example.com/x.ext4', 'registry', false]]], // prettier-ignore
    ['an image of another session', ofAlice({ terminal: { tag: '1.0' } }), []],
    ['an admitted image', infra({ podPolicy: { images: ['evil.example.com/*'] } }), [['evil.example.com/*', 'registry', true]]], // prettier-ignore
    ['a lab that no session has', { 'labs/vm2.yaml': lab('vm2', { values: { rootfs: ROOTFS, terminal: { tag: '3' } } }) }, [['dozman99/dozlab-terminal:3', 'version', true]]], // prettier-ignore
    ['another source of Flux', { 'dozlab.yaml': project({ flux: { source: { url: 'https://evil.example.com/labs.git' } } }) }, [['https://evil.example.com/labs.git at main', 'registry', false]]], // prettier-ignore
  ])('%s', (_, after, expected) => {
    const before = { 'sessions/class/bob.yaml': session('bob', { values: { terminal: { tag: '1.0' } } }) };
    const { images } = risksOf(before, after);
    expect(images.map(({ image, novelty, isAdmittedOnly }) => [image, novelty, isAdmittedOnly])).toEqual(expected);
  });
});

test('gained privileges name their cohorts, and a new namespace like the others has none', () => {
  const { privileges } = risksOf({}, infra({ roles: { instructors: { groups: ['teachers'], readPasswords: true } } }));
  expect(privileges.map(({ privilege }) => privilege).join()).toContain('Group teachers has Role dozlab-instructor');
  for (const { reach } of privileges) expect(reach.cohorts).toEqual(['class']);
  expect(risksOf({}, { 'sessions/new/cohort.yaml': cohort('new') }).privileges).toEqual([]);
});

describe('capabilities of the microVM', () => {
  const adding = (...capabilities: string[]) => values({ firecracker: { capabilities } });
  const gained = (before: Files, after: Files): string[] =>
    risksOf(before, after).privileges.map(({ privilege }) => privilege);

  test('are privileges of the session and of the namespace', () => {
    const before = adding('NET_ADMIN');
    expect(gained(before, adding('NET_ADMIN', 'SYS_PTRACE'))).toEqual([
      'firecracker-vm: capability SYS_PTRACE',
      'pods of 1 namespace: capability SYS_PTRACE',
    ]);
    expect(protection(risksOf(before, adding('NET_ADMIN', 'SYS_PTRACE')))).toEqual([]);
  });

  test('are no risk if there are fewer', () => {
    expect(gained({}, adding('NET_ADMIN'))).toEqual([]);
    expect(gained({}, adding())).toEqual([]);
    expect(protection(risksOf({}, adding()))).toEqual([]);
  });

  test('are a privilege of a new namespace if no other has them', () => {
    const added = (...capabilities: string[]) => ({
      'sessions/new/cohort.yaml': cohort('new', { values: { firecracker: { capabilities } } }),
    });
    expect(gained({}, added('NET_ADMIN', 'SYS_PTRACE'))).toEqual(['pods of 1 namespace: capability SYS_PTRACE']);
    expect(gained(adding('NET_ADMIN'), added('SYS_ADMIN'))).toEqual([]);
  });

  test('are a privilege that only a session has', () => {
    expect(gained({}, ofAlice({ firecracker: { capabilities: ['SYS_MODULE'] } }))).toEqual([
      'firecracker-vm: capability SYS_MODULE',
    ]);
  });
});

test('one line says which risks a change does not have', () => {
  expect(riskLines(risksOf({}, {}))).toEqual([
    'No protection is removed, no access without login, no new image, no privilege is gained, no data is lost, no login changes, no session expires earlier.',
  ]);
  const lines = riskLines(risksOf({}, { 'sessions/class/alice.yaml': undefined }));
  expect(lines).toEqual([
    '**Data lost**: 1 session of `class` ends with all data.',
    'No protection is removed, no access without login, no new image, no privilege is gained, no login changes, no session expires earlier.',
  ]);
});
