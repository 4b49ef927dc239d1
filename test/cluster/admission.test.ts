import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { admitAll, type NamespaceRules, type Policy, type Refusal } from '../../src/admission/admit';
import { isEnforced, resourceOf } from '../../src/admission/quota-usage';
import { amountsOf, type Quantities } from '../../src/admission/resource-list';
import { podPolicyRefusal } from '../../src/constructs/namespace/pod-policy-verdict';
import { PRIORITIES, randomSetting, type QuotaSetting, type Setting } from '../support/arbitrary-admission';
import { podPolicy } from '../support/pod-policy';
import { Random } from '../support/random';
import { kubectl, removeAtEnd, uniqueName } from './cluster';
import { Proxy, type Answer } from './proxy';

/** Random settings and objects: what src/admission says of them, beside what the API server does with them. */

const SETTINGS = Number(process.env['ADMISSION_SETTINGS'] ?? 100);
const AT_ONCE = 6;

/** All refuse something. */
const ADMISSIONS = ['Validation', 'LimitRanger', 'PodSecurity', 'ValidatingAdmissionPolicy', 'ResourceQuota'];

/** With more settings than usual, others in each run. */
const seed = Number(process.env['FC_SEED'] ?? (SETTINGS > 100 ? randomInt(2 ** 31) : 1));
const POLICY_LABEL = 'dozlab.io/test-policy';
const POLICIES = [['busybox'], ['example.com/*'], ['busybox', 'example.com/lab:1']].map((images, index) => ({
  name: uniqueName(`dozlab-test-images-${String(index)}`),
  namespace: 'lab-any',
  images,
}));

/** Binds the policy to namespaces with its label. */
const labelled = ({ name, ...props }: (typeof POLICIES)[number]): Manifest[] => {
  const [policy, binding] = podPolicy({ name, ...props });
  const spec = {
    ...(binding['spec'] as object),
    matchResources: { namespaceSelector: { matchLabels: { [POLICY_LABEL]: name } } },
  };
  return [policy, { ...binding, spec }];
};

const labelsOf = ({ podSecurity, policy }: Pick<Setting, 'podSecurity' | 'policy'>) => ({
  'pod-security.kubernetes.io/enforce': podSecurity,
  ...(policy === undefined ? {} : { [POLICY_LABEL]: policy }),
});

let proxy: Proxy;

beforeAll(async () => {
  proxy = await Proxy.start();
  for (const name of PRIORITIES) removeAtEnd('priorityclass', name);
  kubectl.apply(
    PRIORITIES.map((name, value) => ({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value })), // prettier-ignore
  );
  for (const props of POLICIES) {
    for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy']) removeAtEnd(kind, props.name);
    kubectl.apply(labelled(props));
    await enforcePolicy(props.name);
  }
});

async function enforcePolicy(policy: string): Promise<void> {
  await namespaceOf(policy, { podSecurity: 'privileged', policy });
  const probe = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'x', image: 'x' }] },
  };
  await until(async () => (await create(policy, probe, '?dryRun=All')).status === 403);
  await proxy.send('DELETE', `/api/v1/namespaces/${policy}`);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 1500) throw new Error('it has not become so in a minute');
    await sleep(40);
  }
}

/** With what controllers make in each namespace. */
async function namespaceOf(name: string, setting: Pick<Setting, 'podSecurity' | 'policy'>): Promise<void> {
  await proxy.send('POST', '/api/v1/namespaces', { metadata: { name, labels: labelsOf(setting) } });
  for (const path of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'])
    await until(async () => (await proxy.send('GET', `/api/v1/namespaces/${name}/${path}`)).status === 200);
}

function create(namespace: string, object: Manifest, query = ''): Promise<Answer> {
  const { apiVersion } = object;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const [plural = ''] = resourceOf(object).split('.');
  return proxy.send('POST', `${root}/namespaces/${namespace}/${plural}${query}`, object);
}

const quotaObject = ({ name, hard, scopes }: QuotaSetting): Manifest => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name },
  spec: { hard, ...(scopes.length === 0 ? {} : { scopeSelector: { matchExpressions: scopes } }) },
});

/** Refuses all leases: the API server has then seen all quotas before it. */
const GATE: QuotaSetting = { name: 'gate', hard: { 'count/leases.coordination.k8s.io': 0 }, scopes: [] };
const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'x' } };

async function prepare(namespace: string, setting: Setting): Promise<void> {
  await namespaceOf(namespace, setting);
  const made = async (object: Manifest): Promise<void> => {
    const { status, body } = await create(namespace, object);
    if (status !== 201) throw new Error(`${JSON.stringify(object)}\n${messageOf(body)}`);
  };
  if (setting.limitRange.length > 0)
    await made({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'range' }, spec: { limits: setting.limitRange } }); // prettier-ignore
  for (const each of setting.quotas) await made(quotaObject(each));
  for (const { name, hard } of setting.quotas)
    await until(async () => sameKeys(at((await quotaIn(namespace, name)).body, ['status', 'hard']), hard));
  await made(quotaObject(GATE));
  await until(async () => (await create(namespace, LEASE, '?dryRun=All')).status === 403);
}

const sameKeys = (one: unknown, other: object): boolean => Object.keys(one ?? {}).length === Object.keys(other).length;

const quotaIn = (namespace: string, name: string): Promise<Answer> =>
  proxy.send('GET', `/api/v1/namespaces/${namespace}/resourcequotas/${name}`);

const usedOf = async (namespace: string, name: string): Promise<Quantities> =>
  (at((await quotaIn(namespace, name)).body, ['status', 'used']) ?? {}) as Quantities;

const policies: readonly Policy[] = POLICIES.map((props) => ({ name: props.name, refusal: podPolicyRefusal(props) }));

const rulesOf = ({ podSecurity, limitRange, quotas, policy }: Setting): NamespaceRules => ({
  podSecurity,
  limitRanges: limitRange.length === 0 ? [] : [limitRange],
  quotas: quotas.map(({ name, hard, scopes }) => ({ name, hard: amountsOf(hard), scopes })),
  policies: policies.filter(({ name }) => name === policy),
});

/** The part of a refusal that the API server's message shows too. */
type Verdict = Pick<Refusal, 'by' | 'subjects'> & { readonly name?: string | undefined; readonly message?: string };

const REASONS = [
  ...['non-default capabilities', 'host namespaces', 'hostPath volumes', 'hostPort', 'probe or lifecycle host'],
  ...['privileged', 'procMount', 'seLinuxOptions', 'seccompProfile', 'forbidden sysctls', 'hostProcess'],
  ...['allowPrivilegeEscalation != false', 'unrestricted capabilities', 'restricted volume types'],
  ...['runAsNonRoot != true', 'runAsUser=0'],
];

const subjectsIn = (text: string, pattern: RegExp): string[] =>
  Array.from(new Set(Array.from(text.matchAll(pattern), ([, first, second]) => first ?? second ?? ''))).sort(); // prettier-ignore

const messageOf = ({ message = '' }: Answer['body']): string => (typeof message === 'string' ? message : '');

/** Undefined if the object was created. */
function verdictIn({ status, body }: Answer): Verdict | undefined {
  const text = messageOf(body);
  if (status === 201) return undefined;
  if (status === 422) {
    const causes = (at(body, ['details', 'causes']) ?? []) as readonly {
      readonly message: string;
      readonly field: string;
    }[];
    const others = causes.filter(
      ({ field, message }) => !/resources|limits/.test(field) && !message.includes('HugePages'),
    );
    if (others.length > 0) throw new Error(`the object is not valid in another way: ${text}`);
    return { by: 'Validation', subjects: [] };
  }
  const policy = /ValidatingAdmissionPolicy '(.+?)' with binding '.*?' denied request: (.*)/s.exec(text);
  if (policy !== null)
    return { by: 'ValidatingAdmissionPolicy', subjects: [], name: policy[1], message: policy[2] ?? '' };
  const security = /violates PodSecurity "\w+:latest": (.*)/s.exec(text)?.[1];
  if (security !== undefined) {
    const isIn = (reason: string): boolean => new RegExp(`(^|, )${reason} \\(`).test(security);
    const isAppArmor = /(^|, )forbidden AppArmor profiles? \(/.test(security);
    return {
      by: 'PodSecurity',
      subjects: [...(isAppArmor ? ['forbidden AppArmor profile'] : []), ...REASONS.filter(isIn)].sort(),
    };
  }
  const quota = /(exceeded|failed) quota: ([^,:]+)(?:, requested: (\S+?), used| *: must specify (.*)$)/s.exec(text);
  if (quota !== null) {
    const [, , name, requested = '', missing = ''] = quota;
    const subjects = subjectsIn(`${requested},${missing.replaceAll(';', ',')}`, /(?:^|, ?)([^,=: ]+)(?:=| for:)/g);
    return { by: 'ResourceQuota', subjects, name };
  }
  if (/(maximum|minimum) \S+ usage per|max limit to request ratio per/.test(text))
    return { by: 'LimitRanger', subjects: subjectsIn(text, /(?:maximum|minimum) (\S+) usage per|([^\s[]+) max limit to request ratio/g) }; // prettier-ignore
  throw new Error(`unknown answer ${String(status)}: ${text}`);
}

function shownOf(refusal: Refusal | undefined): Verdict | undefined {
  if (refusal === undefined) return undefined;
  const { by, name, message } = refusal;
  const subjects = by === 'Validation' ? [] : [...refusal.subjects].sort();
  if (by === 'ValidatingAdmissionPolicy') return { by, subjects, name, message };
  return by === 'ResourceQuota' ? { by, subjects, name } : { by, subjects };
}

interface Tried {
  readonly objects: readonly {
    readonly object: Manifest;
    readonly verdict: Verdict | undefined;
    readonly answer: string;
  }[];
  readonly before: ReadonlyMap<string, Quantities>;
  readonly used: ReadonlyMap<string, Quantities>;
}

async function tryOut(namespace: string, setting: Setting): Promise<Tried> {
  await prepare(namespace, setting);
  const usedNow = async (): Promise<Map<string, Quantities>> => {
    const used = new Map<string, Quantities>();
    for (const { name } of setting.quotas) used.set(name, await usedOf(namespace, name));
    return used;
  };
  const before = await usedNow();
  const objects = [];
  for (const object of setting.objects) {
    const answer = await create(namespace, object);
    objects.push({ object, verdict: verdictIn(answer), answer: messageOf(answer.body) });
  }
  const used = await usedNow();
  await proxy.send('DELETE', `/api/v1/namespaces/${namespace}`);
  return { objects, before, used };
}

const amountsBy = (used: ReadonlyMap<string, Quantities>) =>
  new Map(Array.from(used, ([name, amounts]) => [name, amountsOf(amounts)]));

/** Each difference as text. Of several quotas that refuse, the API server names any. */
function differences(setting: Setting, { objects, before, used }: Tried): string[] {
  const rules = rulesOf(setting);
  const given = objects.map(({ object }) => object);
  const verdict = admitAll(rules, given, amountsBy(before));
  const reversed = admitAll({ ...rules, quotas: [...rules.quotas].reverse() }, given, amountsBy(before));
  const found = objects.flatMap(({ object, verdict: real, answer }, index) => {
    const said = [verdict, reversed].map((each) => JSON.stringify(shownOf(each.objects[index]?.refusal)));
    return said.includes(JSON.stringify(real)) ? [] : [`${object.metadata.name}: ${String(said[0])}\nbut ${answer}\n${JSON.stringify(object)}`]; // prettier-ignore
  });
  const amounts = setting.quotas.flatMap(({ name, hard }) => {
    const [real, said] = [amountsBy(used).get(name) ?? new Map(), verdict.used.get(name) ?? new Map()];
    return Object.keys(hard).flatMap((key) => {
      if (isEnforced(key) !== real.has(key)) return [`${name}: ${key} is ${real.has(key) ? '' : 'not '}enforced`];
      return real.has(key) && real.get(key) !== said.get(key) ? [`${name}: ${key} is ${String(real.get(key))}, not ${String(said.get(key))}`] : []; // prettier-ignore
    });
  });
  return [...found, ...amounts].map((text) => `${text}\nin ${JSON.stringify({ ...setting, objects: undefined })}`);
}

test(`the API server's verdict on ${String(SETTINGS)} random settings is ours (FC_SEED=${String(seed)})`, async () => {
  const random = new Random(seed);
  const names = POLICIES.map(({ name }) => name);
  const settings = Array.from({ length: SETTINGS }, () => randomSetting(random, names));
  const wrong: string[] = [];
  const kinds = new Set<string>();
  const waiting = settings.entries();
  const work = async (): Promise<void> => {
    // All workers take from one iterator.
    for (const [index, setting] of waiting) {
      const tried = await tryOut(uniqueName(`dozlab-test-admission-${String(index)}`), setting);
      wrong.push(...differences(setting, tried));
      for (const { verdict } of tried.objects) kinds.add(verdict?.by ?? 'admitted');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(wrong).toEqual([]);
  expect(kinds).toEqual(new Set([...ADMISSIONS, 'admitted']));
}, 3_600_000);
