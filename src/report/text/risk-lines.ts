import { grouped } from '../../core/group-by';
import type { Reach } from '../changes/reach';
import type { AccessRisk } from '../risks/access';
import type { EndRisk } from '../risks/ends';
import type { LoginRisk } from '../risks/logins';
import type { ImageRisk } from '../risks/new-images';
import type { ProtectionRisk } from '../risks/found-risks';
import type { DataRisk, PrivilegeRisk, Risks } from '../risks/risks';
import { contents, countText, nameList, numberText } from './markdown-text';

const MOST = 3;

/**
 * One line for each kind of risk, and one for all kinds that the change does not have.
 * @param isDisturbed files that Dozlab did not generate also change the cluster
 */
export function riskLines(
  { protection, access, images, privileges, data, logins, ends }: Risks,
  isDisturbed = false,
): string[] {
  const kinds: readonly (readonly [string, string])[] = [
    [protectionLine(protection), 'no protection is removed'],
    [accessLine(access), 'no access without login'],
    [imageLine(images), 'no new image'],
    [privilegeLine(privileges), 'no privilege is gained'],
    [dataLine(data), 'no data is lost'],
    [loginLine(logins), 'no login changes'],
    [endLine(ends), 'no session expires earlier'],
  ];
  const absent = kinds.flatMap(([line, none]) => (line === '' ? [none] : []));
  const none = absent.join(', ');
  return [
    ...kinds.flatMap(([line]) => (line === '' ? [] : [line])),
    ...(none === ''
      ? []
      : [isDisturbed ? `Apart from these files, ${none}.` : `${none.charAt(0).toUpperCase()}${none.slice(1)}.`]),
  ];
}

/** @example 6 sessions of `default`, `spring` */
function reachText({ sessions, cohorts }: Reach): string {
  const names = cohorts.length === 0 ? '' : ` of ${nameList(cohorts, MOST)}`;
  return sessions === 0 && cohorts.length > 0
    ? `the cohorts ${nameList(cohorts, MOST)}`
    : `${countText(sessions, 'session')}${names}`;
}

const reaching = (reach: Reach): string =>
  reach.sessions === 0 && reach.cohorts.length === 0 ? '' : ` (reaches ${reachText(reach)})`;

function allOf(reaches: readonly Reach[]): Reach {
  const most = reaches.reduce((one, other) => (other.sessions > one.sessions ? other : one), {
    sessions: 0,
    cohorts: [],
  });
  return { sessions: most.sessions, cohorts: Array.from(new Set(reaches.flatMap(({ cohorts }) => cohorts))).sort() };
}

const HEADINGS: Readonly<Record<ProtectionRisk['change'], string>> = {
  removed: '**Protection removed**',
  weaker: '**Protection weaker**',
  missing: '**Protection missing that others have**',
};

function protectionLine(risks: readonly ProtectionRisk[]): string {
  return Array.from(grouped(risks, ({ change }) => change))
    .map(([change, group]) => {
      const policies = group.find(({ kind }) => kind === POLICY)?.objects ?? [];
      const parts = group.flatMap(({ kind, objects }) => {
        const shown =
          kind === BINDING ? objects.filter((each) => !policies.includes(each.replace(BINDING, POLICY))) : objects;
        return shown.length === 0 ? [] : [change === 'weaker' ? nameList(shown, MOST) : kindText(kind, shown.length)];
      });
      return `${HEADINGS[change as ProtectionRisk['change']]}: ${parts.join(', ')}${reaching(allOf(group.map(({ reach }) => reach)))}.`;
    })
    .join(' ');
}

const POLICY = 'ValidatingAdmissionPolicy';
const BINDING = 'ValidatingAdmissionPolicyBinding';

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  [POLICY]: ['admission policy', 'admission policies'],
  [BINDING]: ['binding of an admission policy', 'bindings of admission policies'],
  NetworkPolicy: ['network policy', 'network policies'],
  ResourceQuota: ['quota', 'quotas'],
  LimitRange: ['limit range', 'limit ranges'],
  RuntimeClass: ['runtime class', 'runtime classes'],
};

function kindText(kind: string, count: number): string {
  const [one, many] = KINDS[kind] ?? [kind, kind];
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

const accessLine = (risks: readonly AccessRisk[]): string =>
  risks.length === 0
    ? ''
    : `**Access without login**: ${risks.map(({ app, places, reach }) => `${app} at ${nameList(places, MOST)}${reaching(reach)}`).join('; ')}.`;

const NOVELTY: Readonly<Record<ImageRisk['novelty'], string>> = {
  registry: 'from a new registry or host',
  repository: 'from a new repository',
  version: 'a new version',
};

function imageLine(risks: readonly ImageRisk[]): string {
  if (risks.length === 0) return '';
  const ranks = Object.keys(NOVELTY);
  const sorted = [...risks].sort((one, other) => ranks.indexOf(one.novelty) - ranks.indexOf(other.novelty));
  const groups = grouped(sorted, ({ novelty, isMoving, isUnpinned, isAdmittedOnly, reach }) =>
    JSON.stringify([novelty, isMoving, isUnpinned, isAdmittedOnly, reach]),
  );
  const texts = Array.from(groups.values(), (group) => {
    const [first] = group;
    if (first === undefined) return '';
    const names = nameList(
      group.map(({ image }) => image),
      MOST,
    );
    const admitted = first.isAdmittedOnly ? ', only admitted so far' : '';
    const unpinned = first.isUnpinned ? ' without the digest of before' : '';
    const moving = first.isMoving ? ', with a tag that moves' : '';
    return `${names} ${NOVELTY[first.novelty]}${unpinned}${moving}${admitted}${reaching(first.reach)}`;
  });
  return `**${countText(risks.length, 'new image')} or ${risks.length === 1 ? 'source' : 'sources'}**: ${cut(texts).join('; ')}.`;
}

function cut(texts: readonly string[]): string[] {
  const more = texts.length - MOST;
  return more <= 0 ? [...texts] : [...texts.slice(0, MOST), `and ${numberText(more)} more`];
}

function privilegeLine(risks: readonly PrivilegeRisk[]): string {
  if (risks.length === 0) return '';
  const names = nameList(
    risks.map(({ privilege }) => privilege),
    MOST,
  );
  return `**${countText(risks.length, 'privilege')} gained**: ${names}${reaching(allOf(risks.map(({ reach }) => reach)))}.`;
}

const LOGINS: Readonly<Record<string, string>> = {
  'other settings': 'other settings of the provider of passwords',
  'another provider': 'another provider of passwords',
};

const loginLine = (risks: readonly LoginRisk[]): string =>
  risks.length === 0
    ? ''
    : `**Logins change**: ${risks.map(({ change, reach }) => `${reachText(reach)} ${reach.sessions === 1 ? 'gets' : 'get'} ${LOGINS[change] ?? change}`).join('; ')}.`;

const endLine = (risk: EndRisk | undefined): string =>
  risk === undefined
    ? ''
    : `**Expires earlier**: ${reachText(risk.reach)}; \`dozlab expire\` deletes the first after ${risk.first}.`;

const EFFECTS: Readonly<Record<string, string>> = {
  'runs on': 'a claim is deleted',
  restarts: 'the pod restarts',
  stops: 'the pod stops',
  starts: 'a claim is deleted',
  'is recreated': 'all objects are recreated',
};

function dataLine({ losing, ended, claims, namespaces }: DataRisk): string {
  const parts = [
    ...losing.map(
      ({ effect, lost, reach }) =>
        `${reachText(reach)} ${reach.sessions === 1 ? 'loses' : 'lose'} ${contents(lost)} (${EFFECTS[effect] ?? effect})`,
    ),
    ...(ended.sessions === 0 ? [] : [`${reachText(ended)} ${ended.sessions === 1 ? 'ends' : 'end'} with all data`]),
    ...(claims.length === 0 ? [] : [`${countText(claims.length, 'claim')} deleted`]),
    ...(namespaces.length === 0
      ? []
      : [
          `${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${nameList(namespaces)} deleted with everything in ${namespaces.length === 1 ? 'it' : 'them'}`,
        ]),
  ];
  return parts.length === 0 ? '' : `**Data lost**: ${parts.join('; ')}.`;
}
