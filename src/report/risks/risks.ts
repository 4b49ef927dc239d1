import { grouped } from '../../core/group-by';
import type { OutputChange, PrunedObject } from '../changes/output-changes';
import type { PodEffectKind } from '../changes/pod-effect';
import type { PrivilegeChange, PrivilegeChanges } from '../changes/privilege-changes';
import type { SecretChange, SessionChanges } from '../changes/session-changes';
import type { Snapshot } from '../changes/snapshot';
import { accessRisks, type AccessRisk } from './access';
import { endRisk, type EndRisk } from './ends';
import { loginRisks, type LoginRisk } from './logins';
import { imageRisks, type ImageRisk } from './new-images';
import type { ProtectionRisk } from './found-risks';
import { protectionRisks } from './protection';
import { reachOf, type Reach } from '../changes/reach';

/** What a reviewer must not miss; empty lists say that there is none of a kind. */
export interface Risks {
  readonly protection: readonly ProtectionRisk[];
  readonly access: readonly AccessRisk[];
  readonly images: readonly ImageRisk[];
  readonly privileges: readonly PrivilegeRisk[];
  readonly data: DataRisk;
  readonly logins: readonly LoginRisk[];
  /** Undefined if no session ends earlier. */
  readonly ends?: EndRisk | undefined;
}

export interface PrivilegeRisk {
  readonly privilege: string;
  readonly reach: Reach;
}

export interface DataRisk {
  readonly losing: readonly LosingSessions[];
  readonly ended: Reach;
  readonly claims: readonly string[];
  /** Deleted with everything in them. */
  readonly namespaces: readonly string[];
}

export interface LosingSessions {
  readonly effect: PodEffectKind;
  readonly lost: readonly string[];
  readonly reach: Reach;
}

export interface ComparedParts {
  readonly files: readonly OutputChange[];
  readonly sessions: SessionChanges;
  readonly privileges: PrivilegeChanges;
  readonly pruned: readonly PrunedObject[];
  readonly secrets: readonly SecretChange[];
}

export const risksOf = (
  before: Snapshot,
  after: Snapshot,
  { files, sessions, privileges, pruned, secrets }: ComparedParts,
): Risks => ({
  protection: protectionRisks(before, after, files),
  access: accessRisks(before, after),
  images: imageRisks(before, after, files),
  privileges: privilegeRisks(privileges),
  data: dataRisk(sessions, pruned),
  logins: loginRisks(before, after, secrets),
  ends: endRisk(before, after),
});

/** Admitted images are among the images. */
const privilegeRisks = ({ gained, ofNew }: PrivilegeChanges): PrivilegeRisk[] =>
  [...gained, ...ofNew]
    .filter(({ isImage }) => isImage !== true)
    .map(({ privilege, sessions, cohorts }: PrivilegeChange) => ({ privilege, reach: { sessions, cohorts } }));

function dataRisk({ changed, ended }: SessionChanges, pruned: readonly PrunedObject[]): DataRisk {
  const losing = changed.filter(({ effect }) => effect.lost.length > 0);
  const deleted = pruned.filter(({ stays }) => !stays);
  const named = (kind: string): PrunedObject[] => deleted.filter((object) => object.kind === kind);
  return {
    losing: Array.from(grouped(losing, ({ effect }) => effect.kind).values(), (group) => ({
      effect: group[0]?.effect.kind ?? 'restarts',
      lost: Array.from(new Set(group.flatMap(({ effect }) => effect.lost))),
      reach: reachOf(group.flatMap(({ sessions }) => sessions)),
    })),
    ended: reachOf(ended),
    claims: named('PersistentVolumeClaim').map(({ namespace = '', name }) => `${namespace}/${name}`),
    namespaces: named('Namespace').map(({ name }) => name),
  };
}
