import type { Measurement, Results } from './results';
import { decades, logScale, spread } from './scale';
import { WAY_NAMES, WAYS, type WayName } from './way';
import { amount, count, isMeasured } from './words';

const SIZE = { width: 960, height: 580 };
const PLOT = { left: 74, right: 560, top: 64, bottom: 490 };
const LABELS = { x: 600, gap: 21 };

const STYLE = `
  .ground { fill: #ffffff; stroke: #d0d7de; }
  .grid { stroke: #d8dee4; }
  text { fill: #1f2328; font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
  .title { font-weight: 600; font-size: 16px; }
  .small { fill: #59636e; font-size: 12px; }
  .line { fill: none; stroke-width: 2; }
  .guess { stroke-dasharray: 5 4; }
  .leader { fill: none; }
  .main { stroke-width: 3.5; }
  .hollow { fill: #ffffff; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d; }
    .grid { stroke: #2a313a; }
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .hollow { fill: #0d1117; }
  }
`;

interface Line {
  readonly way: WayName;
  readonly points: readonly Known[];
}

type Known = Measurement & { readonly seconds: number };

export function picture(results: Results): string {
  const lines = linesOf(results);
  const all = lines.flatMap(({ points }) => points);
  const { cpus, node, storage } = results.machine;
  const title = 'Seconds by number of sessions, whole processes';
  const note = `${String(cpus)} CPUs, Node ${node.replace(/^v/, '')}, files ${storage === 'tmpfs' ? 'in memory' : 'on disk'}. Both axes are logarithmic. Hollow and dashed: sampled or extrapolated.`;
  const parts = all.length === 0 ? [] : plot(lines, results.sessions);
  const missing = WAY_NAMES.filter((way) => !lines.some((line) => line.way === way)).map((way) => plainTitle(way));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${px(SIZE.width)}" height="${px(SIZE.height)}" viewBox="0 0 ${px(SIZE.width)} ${px(SIZE.height)}" role="img" aria-labelledby="title note">
<title id="title">${escaped(title)}</title>
<desc id="note">${escaped(note)}</desc>
<style>${STYLE}</style>
<rect class="ground" x="0.5" y="0.5" width="${px(SIZE.width - 1)}" height="${px(SIZE.height - 1)}" rx="6"/>
${text(24, 32, title, 'title')}
${parts.join('\n')}
${text(24, SIZE.height - 16, note, 'small')}${missing.length === 0 ? '' : `\n${text(24, SIZE.height - 34, `Not measured: ${missing.join(', ')}.`, 'small')}`}
</svg>
`;
}

function linesOf({ measurements }: Results): Line[] {
  const isKnown = (each: Measurement): each is Known => each.seconds !== null;
  return WAY_NAMES.map((way) => ({
    way,
    points: measurements
      .filter((each) => each.way === way)
      .filter(isKnown)
      .sort((one, other) => one.sessions - other.sessions),
  })).filter(({ points }) => points.length > 0);
}

function plot(lines: readonly Line[], sessions: readonly number[]): string[] {
  const all = lines.flatMap(({ points }) => points);
  const counts = all.map((point) => point.sessions);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const ticks = decades(all.map(({ seconds }) => seconds));
  // One number of sessions gives no range for an axis.
  const x = logScale(least === most ? [most / 10, most] : [least, most], [PLOT.left, PLOT.right]);
  const y = logScale([ticks[0] ?? 1, ticks.at(-1) ?? 1], [PLOT.bottom, PLOT.top]);
  return [
    ...ticks.flatMap((tick) => [
      rule(PLOT.left, y(tick), PLOT.right, y(tick)),
      text(
        PLOT.left - 8,
        y(tick) + 4,
        `${tick < 1 ? String(Number(tick.toPrecision(1))) : count(tick)} s`,
        'small',
        'end',
      ),
    ]),
    ...sessions.flatMap((tick) => [
      rule(x(tick), PLOT.top, x(tick), PLOT.bottom),
      text(x(tick), PLOT.bottom + 20, count(tick), 'small', 'middle'),
    ]),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 38, 'sessions', 'small', 'middle'),
    // Draws Dozlab last, on top of the other lines.
    ...lines.toReversed().map((line) => drawn(line, x, y)),
    ...labels(lines, x, y),
  ];
}

type Scale = (number: number) => number;

function drawn({ way, points }: Line, x: Scale, y: Scale): string {
  const { colour } = WAYS[way];
  const at = (point: Known) => `${px(x(point.sessions))},${px(y(point.seconds))}`;
  const segments = points.slice(1).map((point, index) => {
    const from = points[index] ?? point;
    const look = `line${way === 'synth' ? ' main' : ''}${isMeasured(from) && isMeasured(point) ? '' : ' guess'}`;
    return `<polyline class="${look}" stroke="${colour}" points="${at(from)} ${at(point)}"/>`;
  });
  const dots = points.map((point) => {
    const look = isMeasured(point) ? `fill="${colour}"` : `class="hollow" stroke="${colour}"`;
    return `<circle ${look} cx="${px(x(point.sessions))}" cy="${px(y(point.seconds))}" r="4"/>`;
  });
  return `<g data-way="${way}">${[...segments, ...dots].join('')}</g>`;
}

function labels(lines: readonly Line[], x: Scale, y: Scale): string[] {
  const ends = lines
    .flatMap(({ way, points }) => points.slice(-1).map((point) => ({ way, point, height: y(point.seconds) })))
    .sort((one, other) => one.height - other.height);
  const heights = spread(
    ends.map(({ height }) => height),
    LABELS.gap,
    PLOT.bottom,
  );
  return ends.map(({ way, point, height }, index) => {
    const place = heights[index] ?? height;
    const { colour } = WAYS[way];
    const approximately = isMeasured(point) ? '' : '≈ ';
    const at = `${px(x(point.sessions) + 6)},${px(height)} ${px(LABELS.x - 24)},${px(place)} ${px(LABELS.x - 6)},${px(place)}`;
    return `<polyline class="leader" stroke="${colour}" points="${at}"/>${text(LABELS.x, place + 4, `${plainTitle(way)}: ${approximately}${amount(point.seconds)} s`)}`;
  });
}

const plainTitle = (way: WayName): string => WAYS[way].title.replaceAll('`', '');

const rule = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line class="grid" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>`;

function text(x: number, y: number, content: string, look = '', anchor = 'start'): string {
  const attributes = `${look === '' ? '' : ` class="${look}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${px(x)}" y="${px(y)}"${attributes}>${escaped(content)}</text>`;
}

const px = (number: number): string => String(Number(number.toFixed(1)));

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
