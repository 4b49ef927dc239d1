/** `1 file`, `2 files`. */
export const plural = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? '' : 's'}`;

/** Replaces control characters. */
export const withoutControls = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '�');
