import { Reached, type Reach } from '../changes/reach';
import { PROTECTIONS } from './weaker';

export interface ProtectionRisk {
  /** `missing`: a new namespace or session lacks what the others have. */
  readonly change: 'removed' | 'weaker' | 'missing';
  readonly kind: string;
  /** Names, or details of `weaker`. */
  readonly objects: readonly string[];
  readonly reach: Reach;
}

export interface Found {
  readonly change: ProtectionRisk['change'];
  readonly kind: string;
  readonly object: string;
}

/** Risks of one kind of change and object are one, which lists all that have it. */
export class Risks {
  private readonly risks = new Map<string, { found: Found; objects: Set<string>; reached: Reached }>();

  /** @returns what the risk reaches, to add to */
  of(found: Found): Reached {
    const key = `${found.change} ${found.kind}`;
    const risk = this.risks.get(key) ?? { found, objects: new Set(), reached: new Reached() };
    this.risks.set(key, risk);
    risk.objects.add(found.object);
    return risk.reached;
  }

  list(): ProtectionRisk[] {
    const ranked = Array.from(this.risks.values()).sort((one, other) => rankOf(one.found) - rankOf(other.found));
    return ranked.map(({ found: { change, kind }, objects, reached }) => ({
      change,
      kind,
      objects: Array.from(objects),
      reach: reached.reach,
    }));
  }
}

const CHANGES = ['removed', 'weaker', 'missing'];

const rankOf = ({ change, kind }: Found): number =>
  CHANGES.indexOf(change) * 100 + (PROTECTIONS.includes(kind) ? PROTECTIONS.indexOf(kind) : PROTECTIONS.length);
