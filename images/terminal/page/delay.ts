const FIRST_MS = 500;
const MOST_MS = 10_000;

/** The wait before the next attempt, doubled each time, of which a random part is cut: many pages do not come back at once. */
export const reconnectDelay = (attempts: number, random: number): number =>
  Math.round(Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempts, 10)) * (1 - random / 2));
