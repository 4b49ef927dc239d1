export type Log = (event: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>) => void;

/** Writes one line of JSON for each event. Callers pass no content of a terminal and no secret. */
export const logTo =
  (stream: { write(text: string): unknown }): Log =>
  (event, fields = {}) =>
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
