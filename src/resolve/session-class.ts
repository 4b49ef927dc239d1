import type { SessionKind } from '../model/session';
import { at, type Mapping, mergeTrees, mergeTreesKeepingNulls, type Tree } from '@dozlab/charts/schema';
import { changedModel, identified, type Parts, type ValuesModel, valuesModel } from '../api/values/incremental-check';
import { nulls, withoutNulls } from '../api/values/nulls';
import type { SessionValues } from '../api/values/schema';
import type { LabDocument } from '../api/lab';
import { labModel, SESSION } from './lab-values';
import { isOfIdentity, type Layer, layer, placed, type PlacelessProblem } from './value-layers';
import type { Loaded } from '../source/load-project';
import type { Problem } from '../core/diagnostics';
import {
  type CheckedSession,
  identityOf,
  layersOf,
  nullsWithoutUse,
  type SessionFiles,
  unusualDisk,
} from './session-values';

/** What is known of sessions that differ in nothing but who they are for. */
interface KnownKind {
  readonly kind: SessionKind;
  readonly identified: (identity: Mapping) => SessionValues | undefined;
  /** What there is to say of their values in files that they share. */
  readonly shared: readonly Problem[];
  /** What there is to say of values in the file of each. */
  readonly own: readonly PlacelessProblem[];
}

/** Values of a session that others are checked over. */
interface Model {
  /** What its file sets. */
  readonly own: Mapping;
  readonly model: ValuesModel;
}

const NOTHING: Mapping = {};

/**
 * The values of the sessions of a lab in a cohort. Each is checked in what its file says over what they share; what that comes to is what
 * `valuesAlone` says.
 */
export class AlikeValues {
  private readonly layers: readonly Layer[];
  /** The values that the shared files give, with nulls. */
  private readonly merged: Mapping;
  private readonly given: Mapping;
  private readonly model: Model | undefined;
  private readonly kinds = new Map<string, KnownKind | undefined>();
  private readonly placed = new Map<string, Problem>();

  /**
   * @param first the files of one of the sessions
   * @param lab which is valid, as project and cohort are
   */
  constructor(
    first: SessionFiles,
    private readonly lab: Loaded<LabDocument>,
  ) {
    const { loaded, project, cohort, document } = first;
    this.layers = [project, layer(lab), layer(cohort)];
    this.merged = this.layers.map(({ values }) => values).reduce(mergeTreesKeepingNulls, NOTHING);
    this.given = withoutNulls(this.merged);
    const model = labModel(loaded, cohort, lab);
    if (nullsWithoutUse(this.layers).length === 0)
      this.model = model === undefined ? this.firstModel(document.spec.values ?? NOTHING) : { own: NOTHING, model };
  }

  /** Of a session; undefined when it has to be looked at by itself, as something about it is not right or not the same as of others. */
  of(files: SessionFiles): CheckedSession | undefined {
    const { session, document } = files;
    const known = this.kindOf(files);
    const values = known?.identified(identityOf(document));
    if (known === undefined || values === undefined) return undefined;
    const { kind, shared, own } = known;
    return {
      values,
      given: kind.given,
      problems: own.length === 0 ? shared : [...shared, ...own.map((each) => placed(each, layersOf(files), session))],
      ...(own.length === 0 ? { kind } : {}),
    };
  }

  private kindOf({ session, document }: SessionFiles): KnownKind | undefined {
    const own = document.spec.values ?? NOTHING;
    const key = own === NOTHING ? '' : JSON.stringify(own);
    if (this.kinds.has(key)) return this.kinds.get(key);
    const isClear =
      nulls(own).length === 0 || nullsWithoutUse([...this.layers, { source: session, values: own }]).length === 0;
    const kind = isClear ? this.newKind(own) : undefined;
    this.kinds.set(key, kind);
    return kind;
  }

  /** @param own what files set that are like each other */
  private newKind(own: Mapping): KnownKind | undefined {
    if (this.model === undefined) return undefined;
    const parts = this.parts({ ...this.model.own, ...own }, own);
    const model = changedModel(this.model.model, parts);
    if (model === undefined) return undefined;
    const given = withParts(this.given, parts);
    const problems = [...model.findings.flatMap((finding) => finding.problems), ...unusualDisk(this.lab, model.values)];
    const isOwn = ({ path }: PlacelessProblem): boolean => isOfIdentity(path) || at(own, path) !== undefined;
    const shared = problems.filter((problem) => !isOwn(problem)).map((problem) => this.placedOnce(problem));
    return {
      kind: { given, values: model.values },
      identified: identified(model),
      shared,
      own: problems.filter(isOwn),
    };
  }

  /**
   * Parts of the values of a session, without defaults.
   * @param named has the names of those that are asked for
   * @param own what its file sets
   */
  private parts(named: Mapping, own: Mapping): Parts {
    return Object.fromEntries(
      Object.keys(named).map((name): [string, Tree | undefined] => {
        if (!Object.hasOwn(own, name)) return [name, this.given[name]];
        const merged = mergeTreesKeepingNulls(part(this.merged, name), part(own, name));
        return [name, withoutNulls(merged)[name]];
      }),
    );
  }

  /** A problem at its place in one of the shared files. */
  private placedOnce(problem: PlacelessProblem): Problem {
    const { code, path, message } = problem;
    const key = [code, ...path, message].join('\0');
    const known = this.placed.get(key) ?? placed(problem, this.layers, this.lab);
    this.placed.set(key, known);
    return known;
  }

  private firstModel(own: Mapping): Model | undefined {
    const model = valuesModel(mergeTrees(withParts(this.given, this.parts(own, own)), SESSION));
    return model === undefined ? undefined : { own, model };
  }
}

const part = (values: Mapping, name: string): Mapping => {
  const value = values[name];
  return value === undefined ? NOTHING : { [name]: value };
};

/** Values with other parts, or without some. */
function withParts(values: Mapping, parts: Parts): Mapping {
  const all: Record<string, Tree | undefined> = { ...values, ...parts };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, Tree] => entry[1] !== undefined));
}
