import { defaultsOf } from '../schema/defaults';
import type { Mapping } from '../schema/tree';
import { valuesSchema } from './schema';

const defaults = defaultsOf(valuesSchema);

/** The defaults of a session's values. */
export const defaultValues = (): Mapping => structuredClone(defaults);
