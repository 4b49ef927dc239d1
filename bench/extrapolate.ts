/** A number of sessions and the seconds that they take. */
export type Point = readonly [sessions: number, seconds: number];

export function extrapolate([one, other]: readonly [Point, Point], sessions: number): number {
  const exponent = Math.log(other[1] / one[1]) / Math.log(other[0] / one[0]);
  return other[1] * (sessions / other[0]) ** exponent;
}
