import type { z } from 'zod';
import { section } from '../values/fields';
import { timeSpan } from '../duration';

/** What `dozlab expire` goes by: in dozlab.yaml alone. */
export const expirySettings = section({
  grace: timeSpan().default('0s').meta({
    description: 'How long a session stays after its expiresAt before dozlab expire removes its file, such as 30m.',
  }),
  warning: timeSpan().default('1h').meta({
    description: 'How long before its expiresAt dozlab expire begins to tell of a session, such as 1h or 2d.',
  }),
}).meta({ description: 'When dozlab expire ends sessions, and when it tells of them.' });

export type ExpirySettings = z.output<typeof expirySettings>;
