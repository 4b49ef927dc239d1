import type { Problem } from '../../core/diagnostics';
import { grouped } from '../../core/group-by';
import { withoutControls } from '../../core/text';
import { resourceWords, type Reason } from '../../capacity/verdict';
import { deliveryNames } from '../../manifests/deliveries';
import type { CapacityAt, Report } from '../changes/report';
import type { ChangedSessions } from '../changes/session-changes';
import { changesCluster, strayLines } from './stray-lines';
import { riskLines } from './risk-lines';
import { block, code, firstOf, numberText, countText } from './markdown-text';

export function summaryLines(report: Report): string[] {
  const { errors, base } = report;
  const warnings = WARNINGS.map((warning) => warning(report)).filter((line) => line !== '');
  const facts = errors.length === 0 ? [...riskLines(report.risks, isDisturbed(report)), capacityLine(report)] : [];
  return [
    `## ${title(report)}`,
    '',
    ...errorLines(errors),
    ...[...strayLines(report), ...facts, ...warnings].map((line) => `- ${line}`),
    '',
    `Compared with ${code(base.ref)} at ${code(base.commit.slice(0, ID_LENGTH))}.`,
    '',
  ];
}

/** The risks are those of generated files. */
const isDisturbed = ({ strays }: Report): boolean =>
  strays.some(({ isControl, deletes, applies }) => isControl || deletes.length > 0 || applies.length > 0);

const ID_LENGTH = 12;

function title(report: Report): string {
  const { errors, sessions, cohorts, diffs, pruned, hasSecretFiles } = report;
  const { added, changed, ended } = sessions;
  if (errors.length > 0) return `Not valid: ${countText(errors.length, 'error')}`;
  const changing = countOf(changed);
  const parts = [
    ...(added.length === 0 ? [] : [`${numberText(added.length)} new`]),
    ...(changing === 0 ? [] : [`${numberText(changing)} changed`]),
    ...(ended.length === 0 ? [] : [`${numberText(ended.length)} ended`]),
  ];
  if (parts.length > 0) return `Sessions: ${parts.join(', ')}`;
  const isQuiet =
    diffs.length === 0 && !hasSecretFiles && pruned.length === 0 && cohorts.every(({ change }) => change === 'same');
  if (isQuiet && changesCluster(report)) return 'Files that Dozlab did not generate change the cluster';
  return isQuiet ? 'Nothing changes in the cluster' : 'No session changes, but other objects do';
}

type Warning = (report: Report) => string;

const countOf = (changed: readonly ChangedSessions[]): number =>
  changed.reduce((sum, { sessions }) => sum + sessions.length, 0);

const refusals: Warning = ({ sessions: { changed } }) => {
  const count = countOf(changed.filter(({ effect }) => effect.kind === 'cannot change'));
  return count === 0
    ? ''
    : `**The cluster refuses ${countText(count, 'change')}** of Pods without a Deployment, or of claims. Until they are corrected, Flux applies nothing of a cohort with the delivery ${deliveryNames((delivery) => delivery.isAllOrNothing)}.`;
};

const undelivered: Warning = ({ cohorts, pruned }) => {
  const isGone = (cohort: string): boolean =>
    pruned.some(({ kind, name }) => kind === 'Kustomization' && name === `lab-${cohort}`);
  const names = cohorts.filter(({ cohort, after }) => after > 0 && isGone(cohort)).map(({ cohort }) => code(cohort));
  return names.length === 0 ? '' : `**Flux no longer applies the sessions of** ${names.join(', ')}: they end.`;
};

const contested: Warning = ({ sessions: { changed }, after }) => {
  const restarting = new Set(
    changed.flatMap(({ effect, sessions }) => (effect.kind === 'restarts' ? sessions.map(({ cohort }) => cohort) : [])),
  );
  const full = after.verdict.reasons.flatMap(({ scope, cohorts }) => (scope === 'quota' ? cohorts : []));
  const names = Array.from(new Set(full))
    .filter((cohort) => restarting.has(cohort))
    .map(code);
  return names.length === 0
    ? ''
    : `**Running sessions may not start again**: ${names.join(', ')} is over quota, and some of its pods are replaced.`;
};

const staleness: Warning = ({ isStale, errors }) =>
  isStale && errors.length === 0
    ? '**`dist/` or `fluxcd/` is stale**: this report shows the state after `dozlab synth`.'
    : '';

const earlierErrors: Warning = ({ baseErrors }) =>
  baseErrors.length === 0
    ? ''
    : `The project had ${countText(baseErrors.length, 'error')} before; files that were not valid count as missing.`;

const unrelated: Warning = ({ base: { isCommon, ref } }) =>
  isCommon ? '' : `This clone has no common commit with ${code(ref)}, so the report compares with ${code(ref)} itself.`;

const WARNINGS: readonly Warning[] = [refusals, undelivered, contested, staleness, earlierErrors, unrelated];

const MOST_REASONS = 10;

function verdictText({ verdict: { fits, reasons, text } }: CapacityAt): string {
  if (fits !== false) return text;
  const { shown, more } = firstOf(reasonTexts(reasons), MOST_REASONS);
  return `does not fit: ${shown.join('; ')}${more === 0 ? '' : `; and ${countText(more, 'more reason')}`}`;
}

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

function capacityLine({ before, after }: Report): string {
  const [was, is] = [verdictText(before), verdictText(after)];
  const earlier =
    was === is
      ? after.verdict.fits === false
        ? ' As before.'
        : ''
      : before.verdict.fits === false
        ? ` Before: ${was}.`
        : '';
  return `**Capacity**: ${after.verdict.fits === false ? is.replace('does not fit', '**does not fit**') : is}.${earlier}`;
}

const MOST_ERRORS = 20;

function errorLines(errors: readonly Problem[]): string[] {
  if (errors.length === 0) return [];
  const { shown, more } = firstOf(errors, MOST_ERRORS);
  const lines = shown.map(
    ({ file, line, column, path, message }) =>
      `${withoutControls(file)}:${String(line)}:${String(column)} ${path} ${message}`,
  );
  return [
    'The project is not valid, so synth writes nothing:',
    '',
    ...block('text', [...lines, ...(more === 0 ? [] : [`… and ${countText(more, 'more error')}`])]),
    '',
  ];
}
