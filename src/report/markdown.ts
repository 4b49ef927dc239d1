import type { Problem } from '../project/problem';
import { grouped } from '../schema/grouped';
import { withoutSecrets } from '../schema/shown';
import type { FileDiff } from './diffs';
import { block, code, firstOf, folded } from './markdown-text';
import { picture } from './picture';
import type { CapacityAt, Report } from './report';
import { resourceWords } from './resource-words';
import type { Reason } from './verdict';
import {
  addedSection,
  capacitySection,
  changedSection,
  chartSection,
  cohortSection,
  endedSection,
  imageSection,
  numberText,
  plural,
  privilegeSection,
  prunedSection,
  secretSection,
} from './sections';

/** By what a comment is found again that shows a report. */
export const MARKER = '<!-- dozlab-report -->';

/** The most bytes that a report has: GitHub takes comments of 65,536 characters (REST API, "Issue comments"). */
const MOST_BYTES = 65_535;

/** Room that is kept for telling what was left out. */
const RESERVE = 400;

/** A report as GitHub and GitLab show it. */
export function markdown(report: Report): string {
  const text = new Text(MOST_BYTES - RESERVE);
  text.add([MARKER, `## ${title(report)}`, '', ...notes(report)]);
  if (report.errors.length > 0) return text.toString();
  const parts = [
    cohortSection,
    addedSection,
    changedSection,
    endedSection,
    imageSection,
    privilegeSection,
    secretSection,
    prunedSection,
    chartSection,
    capacitySection,
  ].map((part) => part(report));
  const drawn = picture(report);
  parts.push(drawn.length === 0 ? [] : ['### Picture', '', ...drawn, '']);
  let left = 0;
  for (const part of parts) if (part.length > 0 && !text.add(part)) left += 1;
  if (left > 0)
    text.append([
      `_${plural(left, 'part')} of this report would make it too long: \`dozlab report -o json\` has all._`,
      '',
    ]);
  addDiffs(text, report.diffs);
  return text.toString();
}

/** Lines that are added as long as there is room. */
class Text {
  private readonly lines: string[] = [];
  private bytes = 0;

  constructor(private readonly most: number) {}

  /** Adds all lines or, where they do not fit, none. */
  add(lines: readonly string[]): boolean {
    const bytes = bytesOf(lines.map(withoutSecrets));
    if (this.bytes + bytes > this.most) return false;
    this.append(lines);
    return true;
  }

  append(lines: readonly string[]): void {
    const shown = lines.map(withoutSecrets);
    this.lines.push(...shown);
    this.bytes += bytesOf(shown);
  }

  get room(): number {
    return this.most - this.bytes;
  }

  toString(): string {
    return this.lines
      .filter((line, index) => line !== '' || this.lines[index - 1] !== '')
      .join('\n')
      .trimEnd();
  }
}

const bytesOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

function title({ errors, sessions: { added, changed, ended }, cohorts, diffs, pruned }: Report): string {
  if (errors.length > 0) return `Not valid: ${plural(errors.length, 'error')}`;
  const changing = changed.reduce((sum, { sessions }) => sum + sessions.length, 0);
  const parts = [
    ...(added.length === 0 ? [] : [`${numberText(added.length)} new`]),
    ...(changing === 0 ? [] : [`${numberText(changing)} changed`]),
    ...(ended.length === 0 ? [] : [`${numberText(ended.length)} ended`]),
  ];
  if (parts.length > 0) return `Sessions: ${parts.join(', ')}`;
  const isQuiet = diffs.length === 0 && pruned.length === 0 && cohorts.every(({ change }) => change === 'same');
  return isQuiet ? 'Nothing changes in the cluster' : 'No session changes, but what stands around them does';
}

/** What a reviewer must not miss. */
function notes(report: Report): string[] {
  const { sessions, privileges, pruned, base, isStale, errors, baseErrors } = report;
  const affected = sessions.changed.filter(({ effect }) => effect.lost.length > 0);
  const losing = affected.reduce((sum, each) => sum + each.sessions.length, 0);
  const refused = sessions.changed.filter(({ effect }) => effect.kind === 'cannot change');
  const count = refused.reduce((sum, each) => sum + each.sessions.length, 0);
  const namespaces = pruned.filter(({ kind, stays }) => kind === 'Namespace' && !stays).map(({ name }) => code(name));
  const claims = pruned.filter(({ kind, stays }) => kind === 'PersistentVolumeClaim' && !stays).length;
  const left = pruned.filter(({ kind, name }) => kind === 'Kustomization' && name.startsWith('lab-'));
  const undelivered = report.cohorts
    .filter(({ cohort, after }) => after > 0 && left.some(({ name }) => name === `lab-${cohort}`))
    .map(({ cohort }) => code(cohort));
  const full = report.after.verdict.reasons.flatMap(({ scope, cohorts }) => (scope === 'quota' ? cohorts : []));
  const contested = Array.from(new Set(full))
    .filter((cohort) =>
      sessions.changed.some(
        ({ effect, sessions: all }) => effect.kind === 'restarts' && all.some((each) => each.cohort === cohort),
      ),
    )
    .map(code);
  const { isCommon, ref, commit } = base;
  return [
    ...(errors.length === 0 ? [verdictLine(report)] : []),
    ...errorLines(errors),
    '',
    ...bullets([
      losing === 0
        ? ''
        : `**${plural(losing, 'session')} that ${losing === 1 ? 'goes' : 'go'} on ${losing === 1 ? 'loses' : 'lose'} data**: the pod is replaced or stopped, or a claim goes.`,
      sessions.ended.length === 0
        ? ''
        : `**${plural(sessions.ended.length, 'session')} ${sessions.ended.length === 1 ? 'ends' : 'end'}** with all data${claims === 0 ? '' : `, ${plural(claims, 'claim')} among it`}.`,
      count === 0
        ? ''
        : `**${plural(count, 'change')} the cluster refuses**: of Pods without a Deployment, or of claims. Until that is mended Flux applies nothing of a cohort with the delivery kustomize.`,
      namespaces.length === 0 ? '' : `**With all that is in it goes the namespace** ${namespaces.join(', ')}.`,
      undelivered.length === 0 ? '' : `**Flux no longer applies the sessions of** ${undelivered.join(', ')}: they end.`,
      contested.length === 0
        ? ''
        : `**Sessions that run now may not come back**: ${contested.join(', ')} is over quota, and some of its pods are replaced.`,
      privileges.gained.length === 0 ? '' : `**${plural(privileges.gained.length, 'privilege')} gained.**`,
      isStale && errors.length === 0
        ? '**`dist/` or `fluxcd/` is stale**: what is told here comes only after `dozlab synth`.'
        : '',
      baseErrors.length === 0
        ? ''
        : `The project had ${plural(baseErrors.length, 'error')} before: what was not valid counts as not there.`,
      isCommon ? '' : `There is no commit in common with ${code(ref)} in this clone: compared with it as it is.`,
    ]),
    `Compared with ${code(ref)} at ${code(commit.slice(0, 12))}.`,
    '',
  ];
}

/** Reasons that are told; more are counted. */
const MOST_REASONS = 10;

function verdictText({ verdict: { fits, reasons } }: CapacityAt): string {
  if (fits) return 'fits';
  const { shown, more } = firstOf(reasonTexts(reasons), MOST_REASONS);
  return `does not fit: ${shown.join('; ')}${more === 0 ? '' : `; and ${plural(more, 'more reason')}`}`;
}

/** Why sessions do not fit; what is short in one quota is told together. */
const reasonTexts = (reasons: readonly Reason[]): string[] =>
  Array.from(
    grouped(reasons, ({ scope, namespace = '', text }) => (scope === 'quota' ? namespace : text)).values(),
    (group) => {
      const [first] = group;
      if (first?.scope !== 'quota') return first?.text ?? '';
      const lacks = group.map(
        ({ resource = '', asked = '', limit = '' }) => `${resourceWords(resource)} ${asked} of ${limit}`,
      );
      return `${first.cohorts.join(', ')} into the quota of ${first.namespace ?? ''}: ${lacks.join(', ')}`;
    },
  );

function verdictLine({ before, after }: Report): string {
  const [was, is] = [verdictText(before), verdictText(after)];
  if (after.verdict.fits) {
    const hasQuota = after.capacity.namespaces.some(({ resources }) => resources.length > 0);
    const into = [
      hasQuota ? 'into the quotas' : 'no quota limits it',
      after.placement === undefined ? 'nodes were not given' : 'onto the nodes',
    ];
    return `**Verdict: fits** (${into.join(', ')}).${was === is ? '' : ` Before: ${was}.`}`;
  }
  return `**Verdict: does not fit:**${is.slice('does not fit:'.length)}.${was === is ? ' So it was before.' : before.verdict.fits ? '' : ` Before: ${was}.`}`;
}

const bullets = (lines: readonly string[]): string[] => {
  const given = lines.filter((line) => line !== '').map((line) => `- ${line}`);
  return given.length === 0 ? [] : [...given, ''];
};

const MOST_ERRORS = 20;

function errorLines(errors: readonly Problem[]): string[] {
  if (errors.length === 0) return [];
  const { shown, more } = firstOf(errors, MOST_ERRORS);
  const lines = shown.map(
    ({ file, line, column, path, message }) => `${file}:${String(line)}:${String(column)} ${path} ${message}`,
  );
  return [
    'The project is not valid, so nothing of it would be written:',
    '',
    ...block('text', [...lines, ...(more === 0 ? [] : [`… and ${plural(more, 'more error')}`])]),
  ];
}

/** The manifests, folded, as many as there is room for. */
function addDiffs(text: Text, diffs: readonly FileDiff[]): void {
  if (diffs.length === 0) return;
  text.append(['### Manifests', '']);
  let files = 0;
  let lines = 0;
  for (const diff of diffs) {
    const shown = diffLines(diff);
    if (text.add(shown.lines)) continue;
    const cut = text.room > LEAST_ROOM ? cutTo(diff, text.room) : undefined;
    if (cut !== undefined) text.append(cut.lines);
    else files += diff.paths.length;
    lines += shown.count - (cut?.count ?? 0);
  }
  if (lines > 0)
    text.append([
      `_Left out, as a comment has no room for it: ${plural(lines, 'line')}${files === 0 ? '' : `, all those of ${plural(files, 'file')}`}. \`dozlab report -o json\` has all._`,
    ]);
}

/** Bytes below which the beginning of a diff is not worth showing. */
const LEAST_ROOM = 1500;

interface DiffLines {
  readonly lines: readonly string[];
  readonly count: number;
}

function diffLines({ paths, isNew, like, objects }: FileDiff, most = Infinity): DiffLines {
  const all = objects.flatMap(({ object, lines }) => [`# ${object}`, ...lines]);
  const shown = all.slice(0, most);
  const [first = '', ...others] = paths;
  const more = others.length === 0 ? '' : ` and the same in ${plural(others.length, 'other file')}`;
  const novelty = !isNew ? '' : like === undefined ? ' (new)' : ` (new: as <code>${like}</code>, but for this)`;
  const name = `<code>${first}</code>${novelty}${more}`;
  const cut = shown.length === all.length ? [] : [`… ${plural(all.length - shown.length, 'more line')}`];
  return { lines: [...folded(name, block('diff', [...shown, ...cut])), ''], count: shown.length };
}

/** As much of a diff as there is room for. */
function cutTo(diff: FileDiff, room: number): DiffLines | undefined {
  const { count } = diffLines(diff);
  for (let most = count; most > 0; most = Math.floor(most * 0.8)) {
    const cut = diffLines(diff, most);
    if (bytesOf(cut.lines) <= room) return cut;
  }
  return undefined;
}
