import { isAnythingKept, type Kept, type KeptFile, type Whole } from './kept';
import { isSame, type Stamp } from './stamp';
import { StampsAhead } from './stamps-ahead';

/** What a project consists of, group by group; what is asked for first comes first. */
export const PROJECT_GROUPS: readonly (readonly string[])[] = [
  ['dozlab.yaml', 'labs', 'sessions', 'secrets', 'charts', 'schemas'],
  ['dist', 'fluxcd'],
];

/** Begins to take the stamps of a project's files, where something is known of them. */
export const stampsAhead = (project: string): StampsAhead | undefined =>
  isAnythingKept(project) ? new StampsAhead(project, PROJECT_GROUPS) : undefined;

/** What a project came to when all of it was as it is now; undefined when anything has changed since. */
export function wholeAsBefore({ project: { whole }, cohorts }: Kept, ahead: StampsAhead): Whole | undefined {
  if (whole === undefined) return undefined;
  const isKept = Object.entries(whole.cohorts).every(([name, digest]) => cohorts.get(name)?.digest === digest);
  if (!isKept || cohorts.size !== Object.keys(whole.cohorts).length) return undefined;
  const files = [
    whole.files,
    ...Array.from(cohorts, ([name, { kept }]) => [
      ...kept.sessions.map(([session, , ...rest]): KeptFile => [
        `sessions/${name}/${session}.yaml`,
        rest[0],
        rest[1],
        rest[2],
      ]),
      ...kept.output,
    ]),
  ].flat();
  const isAsBefore = (group: readonly string[], index: number): boolean => {
    const own = files.filter(([path]) => group.includes(path.split('/', 1)[0] ?? ''));
    const { stamps, others } = ahead.listing(index);
    return (
      own.length === stamps.size &&
      own.every(([path, ...stamp]) => isAt(stamps, path, stamp)) &&
      JSON.stringify(others) === JSON.stringify(whole.folders[index])
    );
  };
  return PROJECT_GROUPS.every(isAsBefore) ? whole : undefined;
}

function isAt(stamps: ReadonlyMap<string, Stamp>, path: string, stamp: Stamp): boolean {
  const now = stamps.get(path);
  return now !== undefined && isSame(now, stamp);
}
