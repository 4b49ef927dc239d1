import { DozlabError } from '../core/errors';
import { matching } from './values/fields';

export const SPAN_FORM = 'a time such as 90m, 1h30m or 14d';

export const timeSpan = () => matching(/^(0(ms|s|m|h|d)|([1-9][0-9]{0,5}(ms|s|m|h|d))+)$/, SPAN_FORM, 20);

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const milliseconds = (span: string): number =>
  Array.from(span.matchAll(/(\d+)(ms|s|m|h|d)/g)).reduce(
    (sum, [, number = '0', unit = '']) => sum + Number(number) * (MILLISECONDS[unit] ?? 0),
    0,
  );

/** RFC 3339 in UTC, rounded up to the second. */
export const timeText = (time: Date): string => new Date(Math.ceil(time.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z'); // prettier-ignore

/** Such as `2d3h`: the two largest units that are not zero. */
export function spanText(from: Date, to: Date): string {
  let rest = Math.abs(to.getTime() - from.getTime());
  const parts = ['d', 'h', 'm', 's'].flatMap((unit) => {
    const length = MILLISECONDS[unit] ?? 1;
    const number = Math.floor(rest / length);
    rest -= number * length;
    return number === 0 ? [] : [`${String(number)}${unit}`];
  });
  return parts.slice(0, 2).join('') || '0s';
}

export interface EndOptions {
  readonly ttl?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * `ttl` counts from the later of `present` and `now`.
 * @throws DozlabError `invalid-usage` if the end is not after `now`
 */
export function endAt({ ttl, until }: EndOptions, now: Date, present?: string): string | undefined {
  if (until !== undefined) {
    if (Date.parse(until) <= now.getTime())
      throw new DozlabError('invalid-usage', `--until is ${until}, which is past (it is ${timeText(now)})`);
    return until;
  }
  if (ttl === undefined) return undefined;
  const start = Math.max(now.getTime(), present === undefined ? 0 : Date.parse(present));
  const end = new Date(start + milliseconds(ttl));
  if (end.getUTCFullYear() > 9999)
    throw new DozlabError('invalid-usage', `--ttl is ${ttl}, which ends after the year 9999`);
  return timeText(end);
}
