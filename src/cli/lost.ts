/** What ending a pod means for whoever works in it. */
export const LOST = 'its pod ends, and what is not in a volume with persistence is lost';
