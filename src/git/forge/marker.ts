/** Whether a comment holds the marker that it is found again by. */
export const hasMarker = (body: string | null | undefined, marker: string): boolean => body?.includes(marker) === true;
