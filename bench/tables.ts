import { measurementOf, secondsOf, type Measurement, type Results } from './results';
import { table } from './table';
import { STARTS, WAY_NAMES, WAYS, type WayName } from './way';
import { amount, count, how, medianOf, whole } from './words';

export const tables = (results: Results): string =>
  [...results.sessions.map((sessions) => comparison(results, sessions)), growth(results), starts(results)]
    .filter((part) => part !== '')
    .join('\n');

const NONE = '–';
const orNone = (number: number | null | undefined, text: (number: number) => string): string =>
  number == null ? NONE : text(number);

function comparison(results: Results, sessions: number): string {
  const [synth, limit] = [secondsOf(results, 'synth', sessions), secondsOf(results, 'limit', sessions)];
  const against = (seconds: number | null, other: number | undefined): string =>
    seconds === null || other === undefined ? NONE : `${amount(seconds / other)}×`;
  const rows = WAY_NAMES.flatMap((way) => {
    const found = measurementOf(results, way, sessions);
    if (found === undefined) return [];
    const { seconds, megabytes } = found;
    return [
      [
        WAYS[way].title,
        orNone(seconds, amount),
        against(seconds, synth),
        against(seconds, limit),
        orNone(megabytes, whole),
        how(found),
      ],
    ];
  });
  const headings = ['way', 'seconds', 'against synth', 'against the limit', 'peak MB', 'how'];
  return `## ${count(sessions)} sessions\n\n${table(headings, rows)}`;
}

function growth(results: Results): string {
  const [few, many] = results.sessions.slice(-2);
  if (few === undefined || many === undefined) return '';
  const isRun = (found: Measurement | undefined): found is Measurement =>
    found?.seconds != null && found.basis.kind !== 'extrapolated';
  const rows = WAY_NAMES.flatMap((way: WayName) => {
    const found = [few, many].map((sessions) => measurementOf(results, way, sessions));
    if (!found.every(isRun)) return [];
    const [one = 0, other = 0] = found.map(({ seconds, sessions }) => ((seconds ?? 0) / sessions) * 1e6);
    return [[WAYS[way].title, whole(one), whole(other), `${amount(other / one)}×`]];
  });
  const headings = ['way', `µs a session at ${count(few)}`, `at ${count(many)}`, 'against'];
  return `## Growth\n\nStart-up is in these times: what is linear costs less a session the more there are.\n\n${table(headings, rows)}`;
}

function starts({ starts: found }: Results): string {
  const rows = found.map(({ start, seconds, megabytes, runs }) => [
    STARTS[start],
    orNone(seconds, (number) => whole(number * 1000)),
    orNone(megabytes, whole),
    medianOf(runs),
  ]);
  const [node, help] = ['node', 'help'].map((name) => found.find(({ start }) => start === name)?.seconds);
  const over =
    node == null || help == null
      ? ''
      : `\n\`dozlab --help\` takes ${whole((help - node) * 1000)} ms over Node's own start.\n`;
  return `## Start-up\n\n${table(['command', 'ms', 'peak MB', 'how'], rows)}${over}`;
}
