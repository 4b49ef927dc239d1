import type { z } from 'zod';
import { section } from '../values/fields';
import { timeSpan } from '../duration';

export const expirySettings = section({
  grace: timeSpan().default('0s').meta({
    description: 'How long a session remains after its expiresAt, before dozlab expire deletes its file, such as 30m.',
  }),
  warning: timeSpan().default('1h').meta({
    description: 'How long before its expiresAt dozlab expire lists a session, such as 1h or 2d.',
  }),
}).meta({ description: 'When dozlab expire lists sessions and deletes their files.' });

export type ExpirySettings = z.output<typeof expirySettings>;
