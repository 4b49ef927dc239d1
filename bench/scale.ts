export function logScale(range: readonly [number, number], pixels: readonly [number, number]): (n: number) => number {
  const [low, high] = range.map(Math.log10) as [number, number];
  const [from, to] = pixels;
  return (number) => from + ((Math.log10(number) - low) / (high - low)) * (to - from);
}

export function decades(numbers: readonly number[]): number[] {
  const low = Math.floor(Math.log10(Math.min(...numbers)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...numbers))), low + 1);
  return Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
}

export function spread(heights: readonly number[], gap: number, lowest: number): number[] {
  const down: number[] = [];
  for (const height of heights) down.push(Math.max(height, (down.at(-1) ?? -Infinity) + gap));
  // Pushes heights below the lowest place back up, with the heights above them.
  const up: number[] = [];
  for (const height of [...down].reverse()) up.push(Math.min(height, (up.at(-1) ?? lowest + gap) - gap));
  return up.reverse();
}
