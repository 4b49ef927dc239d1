import { endAt, milliseconds, spanText, timeSpan, timeText } from '../../src/api/duration';

const NOW = new Date('2030-01-01T12:00:00Z');

test.each([
  ['90m', 5_400_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['500ms', 500],
  ['0s', 0],
])('%s is a time span', (text, wanted) => {
  expect(timeSpan().safeParse(text).success).toBe(true);
  expect(milliseconds(text)).toBe(wanted);
});

test.each(['', '0', '-1h', '1', 'h', '1.5h', '1 h', '1w', '01h', '9999999h', '1h0m', '١h', '1H'])(
  '%j is none',
  (text) => {
    expect(timeSpan().safeParse(text).success).toBe(false);
  },
);

test('a while is counted from now, or from the present end if that is later', () => {
  expect(endAt({ ttl: '2h' }, NOW)).toBe('2030-01-01T14:00:00Z');
  expect(endAt({ ttl: '2h' }, NOW, '2029-12-31T00:00:00Z')).toBe('2030-01-01T14:00:00Z');
  expect(endAt({ ttl: '2h' }, NOW, '2030-01-02T00:00:00+02:00')).toBe('2030-01-02T00:00:00Z');
  expect(endAt({}, NOW)).toBeUndefined();
});

test('a time is taken as it is given, unless it is past', () => {
  expect(endAt({ until: '2030-01-01T13:00:00+00:30' }, NOW)).toBe('2030-01-01T13:00:00+00:30');
  expect(() => endAt({ until: '2030-01-01T12:00:00Z' }, NOW)).toThrow('is past (it is 2030-01-01T12:00:00Z)');
  expect(() => endAt({ ttl: '999999d' }, new Date('9000-01-01T00:00:00Z'))).toThrow('after the year 9999');
});

test('times are told to the second', () => {
  expect(timeText(new Date('2030-01-01T12:00:00.001Z'))).toBe('2030-01-01T12:00:01Z');
  expect(spanText(NOW, new Date('2030-01-03T13:02:03Z'))).toBe('2d1h');
  expect(spanText(new Date('2030-01-01T12:00:59Z'), NOW)).toBe('59s');
  expect(spanText(NOW, NOW)).toBe('0s');
});
