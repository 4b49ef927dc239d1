import { randomBytes } from 'node:crypto';

/** 30 bytes of the system's generator, as 40 characters of A-Z, a-z, 0-9, - and _. */
export const makePassword = (): string => randomBytes(30).toString('base64url');
