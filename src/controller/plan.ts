import { isError, type Problem } from '../core/diagnostics';
import { type Desired, digestOf, isOwnedBy } from './desired';
import { type Finding, holds, lacks } from './conditions';
import type { KubeObject, LabSessionObject } from './live-objects';
import type { Action, Observed, Plan } from './observed';
import { podFindings } from './pod-findings';
import { planPod } from './pod-plan';

/** What to do for a session, and what to say of it. Pure: it reads no clock and no cluster. */
export function planSession(observed: Observed): Plan {
  const { session, desired, problems, live, replacements } = observed;
  // A session that ends needs nothing: Kubernetes removes what it owns.
  if (session.metadata.deletionTimestamp !== undefined)
    return { actions: [], findings: [], phase: 'Ended', replacements };
  if (desired === undefined) return { actions: [], findings: [invalid(problems)], phase: 'Invalid', replacements };
  const foreign = foreignObjects(session, desired, live);
  if (foreign.length > 0) return { actions: [], findings: [conflict(foreign)], phase: 'Conflict', replacements };
  const shared = [...secretActions(desired, live), ...applied(desired, live), ...removed(session, desired, live)];
  const pod = planPod(observed, desired);
  const accepted = holds('Accepted', 'Valid', warningsOf(problems));
  const findings = pod.live === undefined ? pod.findings : podFindings(pod.live);
  return {
    actions: [...shared, ...pod.actions],
    findings: [accepted, ...findings],
    phase: pod.phase,
    replacements: pod.replacements,
    ...(pod.againSeconds === undefined ? {} : { againSeconds: pod.againSeconds }),
  };
}

const invalid = (problems: readonly Problem[]): Finding => {
  const errors = problems.filter(isError);
  const shown = errors.slice(0, MOST_SHOWN).map(({ file, path, message }) => `${file} ${path} ${message}`);
  const more = errors.length > MOST_SHOWN ? [`and ${String(errors.length - MOST_SHOWN)} more`] : [];
  return lacks('Accepted', 'InvalidValues', [...shown, ...more].join('; '));
};

/** A message of a condition holds 32 KiB at most. */
const MOST_SHOWN = 20;

const warningsOf = (problems: readonly Problem[]): string => {
  const warnings = problems.slice(0, MOST_SHOWN).map(({ path, message }) => `${path} ${message}`);
  return warnings.length === 0 ? 'the values are valid' : `the values are valid; ${warnings.join('; ')}`;
};

/** Objects of these names that somebody else has made, which the controller leaves alone. */
function foreignObjects(session: LabSessionObject, desired: Desired, live: readonly KubeObject[]): KubeObject[] {
  const wanted = [...desired.others, ...(desired.pod === undefined ? [] : [desired.pod])];
  return live.filter((object) => !isOwnedBy(object, session) && wanted.some((each) => isSame(each, object)));
}

const conflict = (objects: readonly KubeObject[]): Finding => {
  const named = objects.map(({ kind, metadata }) => {
    const owner = metadata.ownerReferences?.[0];
    return owner === undefined ? `${kind}/${metadata.name}` : `${kind}/${metadata.name} of ${owner.kind}/${owner.name}`;
  });
  return lacks(
    'Accepted',
    'Conflict',
    `these objects belong to somebody else: ${named.join(', ')}. Fix: rename the session, or remove them`,
  );
};

/** A Secret of that name that is there already is used as it is. */
const secretActions = ({ secret }: Desired, live: readonly KubeObject[]): Action[] =>
  secret === undefined || live.some(({ kind, metadata }) => kind === 'Secret' && metadata.name === secret.name)
    ? []
    : [{ verb: 'create-secret', ...secret }];

const applied = ({ others }: Desired, live: readonly KubeObject[]): Action[] =>
  others
    .filter((object) => {
      const there = live.find((each) => isSame(each, object));
      return there === undefined || digestOf(there) !== digestOf(object);
    })
    .map((object) => ({ verb: 'apply', object }));

/** Kinds that hold no data of a user. Claims stay until the session is deleted. */
const REMOVABLE = ['Service', 'NetworkPolicy', 'Ingress', 'HTTPRoute'];

const removed = (session: LabSessionObject, { others }: Desired, live: readonly KubeObject[]): Action[] =>
  live
    .filter((object) => REMOVABLE.includes(object.kind) && isOwnedBy(object, session))
    .filter((object) => !others.some((each) => isSame(each, object)))
    .map((object) => ({ verb: 'delete', object }));

const isSame = (one: KubeObject, other: KubeObject): boolean =>
  one.kind === other.kind && one.metadata.name === other.metadata.name;
