import type { Session } from '../../model/session';
import { MemoByKey, normalizeChange, replaceName } from '../changes/normalize';
import { haveSameManifests, manifestsOf, type Snapshot } from '../changes/snapshot';
import type { Found, Risks } from './found-risks';
import { lacking, lost, objectsIn, PLACEHOLDER, type Objects } from './lost-protection';

/** Objects beside the pod, such as the NetworkPolicy of a session. */
export function addOfSessions(before: Snapshot, after: Snapshot, risks: Risks): void {
  const once = new MemoByKey<readonly Found[]>();
  let hasPolicy: boolean | undefined;
  const isUsual = (): boolean =>
    (hasPolicy ??= Array.from(before.sessions.values()).every(({ values }) => values.networkPolicy.enabled));
  let hasClass: boolean | undefined;
  const isSandboxed = (): boolean =>
    (hasClass ??=
      before.sessions.size > 0 &&
      Array.from(before.sessions.values()).every(({ values }) => values.runtimeClassName !== undefined));
  const withoutNames = (snapshot: Snapshot, session: Session): string =>
    replaceName(replaceName(manifestsOf(snapshot, session), session.id, ID), session.namespace, PLACEHOLDER);
  let usual: readonly Objects[] | undefined;
  const weakerThanOthers = (session: Session): readonly Found[] => {
    const text = withoutNames(after, session);
    usual ??= oneOfEachClass(before).map((other) => objectsIn(withoutNames(before, other)));
    return once.of(`new ${text}`, () =>
      lacking(usual ?? [], objectsIn(text), OF_NEW_SESSIONS).filter(({ change }) => change === 'weaker'),
    );
  };
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === undefined) {
      if (!is.values.networkPolicy.enabled && isUsual())
        risks.of({ change: 'missing', kind: 'NetworkPolicy', object: policyOf(is) }).add(is);
      if (is.values.runtimeClassName === undefined && isSandboxed())
        risks.of({ change: 'missing', kind: 'RuntimeClass', object: 'RuntimeClass of sessions' }).add(is);
      for (const found of weakerThanOthers(is)) risks.of(inSession(found, is)).add(is);
      continue;
    }
    if (was === is || haveSameManifests(before, after, is)) continue;
    const [old, young] = [manifestsOf(before, was), manifestsOf(after, is)].map((text, index) =>
      replaceName(text, (index === 0 ? was : is).namespace, PLACEHOLDER),
    ) as [string, string];
    if (old === young) continue;
    const found = once.of(normalizeChange(old, young, is), () =>
      lost(objectsIn(replaceName(old, is.id, ID)), objectsIn(replaceName(young, is.id, ID))),
    );
    for (const each of found) risks.of(inSession(each, is)).add(is);
  }
}

/** The same text for all sessions with the same change. */
function inSession({ change, kind, object }: Found, session: Session): Found {
  const detail = object.split(': ').slice(1).join(': ').replaceAll(ID, '{id}');
  const name = kind === 'NetworkPolicy' ? policyOf(session) : `${kind} of sessions`;
  return { change, kind, object: detail === '' ? name : `${name}: ${detail}` };
}

/** What a session may open for itself. */
const OF_NEW_SESSIONS = ['NetworkPolicy', 'Ingress'];

/** Sessions of a class have the same objects. */
const oneOfEachClass = ({ sessions }: Snapshot): Session[] =>
  Array.from(new Map(Array.from(sessions.values(), (session) => [session.sessionClass ?? session, session])).values());

/** No part of another word. */
const ID = 'SESSION-ID';

const policyOf = ({ id, namespace }: Session): string => `NetworkPolicy ${namespace}/lab-session-${id}`;
