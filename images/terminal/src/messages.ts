import type { Size } from './shell-channel';

/** What a viewer sends. */
export type Request =
  | { readonly type: 'input'; readonly data: string }
  | ({ readonly type: 'resize' } & Size)
  | { readonly type: 'unknown' };

/** What a viewer gets. Types after `error` only with the query `protocol=2`. */
export type Message =
  | { readonly type: 'output'; readonly data: string; readonly replay?: true }
  | { readonly type: 'error'; readonly message: string }
  | {
      readonly type: 'shell';
      readonly id: string;
      /** Whether it ran before this viewer came. */
      readonly resumed: boolean;
      /** Whether it outlives this process. */
      readonly kept: boolean;
      readonly readonly: boolean;
    }
  | ({ readonly type: 'size' } & Size)
  | { readonly type: 'exit'; readonly code?: number };

export const DEFAULT_SIZE: Size = { cols: 80, rows: 24 };
const SIZE_LIMIT = 1000;

/** A size that a terminal can have. Sizes that are none become 80 columns and 24 rows. */
export function sizeOf(cols: unknown, rows: unknown): Size {
  return { cols: dimension(cols) ?? DEFAULT_SIZE.cols, rows: dimension(rows) ?? DEFAULT_SIZE.rows };
}

function dimension(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1) return undefined;
  return Math.min(number, SIZE_LIMIT);
}

/** Gives a text that says what is wrong for a frame that is no message. Unknown types are for later versions. */
export function parseRequest(frame: string): Request | string {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return 'the frame is no JSON. Accepted: {"type":"input","data":"…"} or {"type":"resize","cols":80,"rows":24}';
  }
  if (typeof value !== 'object' || value === null) return 'the message is no object';
  const { type, data, cols, rows } = value as Record<string, unknown>;
  if (typeof type !== 'string') return 'the message has no type';
  if (type === 'input') return typeof data === 'string' ? { type, data } : 'data of a message of type input is no text';
  if (type !== 'resize') return { type: 'unknown' };
  if (dimension(cols) === undefined || dimension(rows) === undefined)
    return 'cols and rows of a message of type resize are no positive whole numbers';
  return { type, ...sizeOf(cols, rows) };
}
