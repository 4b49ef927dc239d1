import { cohort, project, session, type Files } from '../../support/project';
import { reportOfChange } from '../../support/report';
import { riskLines } from '../../../src/report/text/risk-lines';
import { summaryLines } from '../../../src/report/text/summary';
import type { Report } from '../../../src/report/changes/report';

jest.setTimeout(60_000);

const lines = (before: Files, after: Files): string[] => riskLines(reportOfChange(before, after).risks);
const settings = (of: object): Files => ({ 'dozlab.yaml': project(of) });
const values = (of: object): Files => settings({ values: of });
const ofAlice = (of: object): Files => ({ 'sessions/class/alice.yaml': session('alice', { values: of }) });
const title = (report: Report): string => summaryLines(report)[0] ?? '';
const REACH = '(reaches 1 session of `class`)';

const INGRESS = { ingress: { enabled: true, vscode: { host: '{id}.example.com' } } };

const vault = (more: object): Files =>
  settings({
    secrets: { provider: 'external-secrets', externalSecrets: { secretStoreRef: { name: 'vault' }, ...more } },
  });

describe('the first lines name a change that only settings show', () => {
  test.each<[string, Files, Files, string]>([
    ['another user', {}, { 'sessions/class/alice.yaml': session('alice', { userId: 'mallory' }) }, '**Logins change**: 1 session of `class` gets another user.'], // prettier-ignore
    ['another Secret', {}, ofAlice({ codeServer: { existingSecret: 'shared' } }), '**Logins change**: 1 session of `class` gets another Secret.'], // prettier-ignore
    ['another provider', {}, vault({}), '**Logins change**: 1 session of `class` gets another provider of passwords.'],
    ['another path of the store', vault({}), vault({ path: 'public/{id}' }), '**Logins change**: 1 session of `class` gets other settings of the provider of passwords.'], // prettier-ignore
    ['an earlier end', { 'sessions/class/alice.yaml': session('alice', { expiresAt: '2027-02-01T00:00:00Z' }) }, { 'sessions/class/alice.yaml': session('alice', { expiresAt: '2027-01-01T00:00:00Z' }) }, '**Expires earlier**: 1 session of `class`; `dozlab expire` deletes the first after 2027-01-01T00:00:00Z.'], // prettier-ignore
    ['a first end', {}, { 'sessions/class/alice.yaml': session('alice', { expiresAt: '2027-01-01T00:00:00Z' }) }, '**Expires earlier**: 1 session of `class`; `dozlab expire` deletes the first after 2027-01-01T00:00:00Z.'], // prettier-ignore
    ['another branch', settings({ flux: { source: { url: 'https://git.example.com/labs' } } }), settings({ flux: { source: { url: 'https://git.example.com/labs', branch: 'other' } } }), '**1 new image or source**: `https://git.example.com/labs at other` a new version.'], // prettier-ignore
    ['another chart', settings({ delivery: 'helm', flux: { source: { url: 'https://git.example.com/labs' } } }), settings({ delivery: 'helm', flux: { source: { url: 'https://git.example.com/labs' } }, chart: { version: '9.9.9', oci: { url: 'oci://evil.example.com/charts/lab-session' } } }), `**1 new image or source**: \`oci://evil.example.com/charts/lab-session at 9.9.9\` from a new registry or host ${REACH}.`], // prettier-ignore
    ['a tag that moves', values({ terminal: { tag: '1.2' } }), values({ terminal: { tag: 'latest' } }), `**1 new image or source**: \`dozman99/dozlab-terminal:latest\` a new version, with a tag that moves ${REACH}.`], // prettier-ignore
    ['no digest', values({ terminal: { digest: `sha256:${'ab'.repeat(32)}` } }), values({ terminal: { tag: '1.2' } }), `**1 new image or source**: \`dozman99/dozlab-terminal:1.2\` a new version without the digest of before ${REACH}.`], // prettier-ignore
    ['no sandbox', values({ runtimeClassName: 'kata' }), settings({}), `**Protection weaker**: \`Deployment of sessions: no longer runs in the runtime class kata\` ${REACH}.`], // prettier-ignore
    ['no sandbox of a new session', values({ runtimeClassName: 'kata' }), { 'sessions/class/bob.yaml': session('bob', { values: { runtimeClassName: null } }) }, `**Protection missing that others have**: 1 runtime class ${REACH}.`], // prettier-ignore
    ['a new session that reaches all addresses', {}, { 'sessions/class/bob.yaml': session('bob', { values: { networkPolicy: { extraEgress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] } } }) }, `**Protection weaker**: \`NetworkPolicy lab-class/lab-session-bob: allows more\` ${REACH}.`], // prettier-ignore
    ['a new session without TLS', values(INGRESS), { 'sessions/class/bob.yaml': session('bob', { values: { ingress: { tls: { enabled: false } } } }) }, `**Protection weaker**: \`Ingress of sessions: {id}.example.com has no TLS\` ${REACH}.`], // prettier-ignore
    ['no TLS', values({ ingress: { enabled: true, vscode: { host: '{id}.example.com' } } }), values({ ingress: { enabled: true, tls: { enabled: false }, vscode: { host: '{id}.example.com' } } }), `**Protection weaker**: \`Ingress of sessions: {id}.example.com has no TLS\` ${REACH}.`], // prettier-ignore
    ['metrics', {}, settings({ infra: { podMonitor: { enabled: true, namespace: 'monitoring' } } }), `**Protection weaker**: \`NetworkPolicy lab-class/session-metrics: allows more\` ${REACH}.`], // prettier-ignore
    ['all nodes', {}, ofAlice({ tolerations: [{ operator: 'Exists' }] }), `**1 privilege gained**: \`pod: all nodes, whatever their taints\` ${REACH}.`], // prettier-ignore
    ['the Secret of somebody else', {}, ofAlice({ codeServer: { extraEnv: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'lab-session-bob-secrets', key: 'password' } } }] } }), `**1 privilege gained**: \`code-server: reads the Secret lab-session-bob-secrets\` ${REACH}.`], // prettier-ignore
    ['a priority', {}, settings({ nodes: { priorityClass: { enabled: true, value: 7 } } }), '**1 privilege gained**: `PriorityClass dozlab-session: priority 7`.'], // prettier-ignore
  ])('%s', (_, before, after, expected) => {
    const found = lines(before, after);
    expect(found).toContain(expected);
  });
});

test('a shorter grace deletes sessions earlier, a later end does not', () => {
  const alice = (expiresAt: string): Files => ({ 'sessions/class/alice.yaml': session('alice', { expiresAt }) });
  const before = { ...alice('2027-01-01T00:00:00Z'), ...settings({ expiry: { grace: '30d' } }) };
  expect(reportOfChange(before, settings({ expiry: { grace: '1d' } })).risks.ends).toEqual({
    first: '2027-01-02T00:00:00Z',
    reach: { sessions: 1, cohorts: ['class'] },
  });
  expect(reportOfChange(before, alice('2027-02-01T00:00:00Z')).risks.ends).toBeUndefined();
});

test('another place of passwords is no quiet change', () => {
  const report = reportOfChange(vault({}), vault({ path: 'public/{id}' }));
  expect(title(report)).toBe('## No session changes, but other objects do');
  expect(report.secrets.map(({ change }) => change)).toEqual(['other settings']);
  expect(title(reportOfChange(vault({}), {}))).toBe('## Nothing changes in the cluster');
});

test('a session that leaves the others alone changes no login', () => {
  const { risks } = reportOfChange({}, { 'sessions/new/cohort.yaml': cohort('new'), 'sessions/new/bob.yaml': session('bob') }); // prettier-ignore
  expect([risks.logins, risks.ends]).toEqual([[], undefined]);
});
