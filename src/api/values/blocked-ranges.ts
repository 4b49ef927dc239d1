import { ipv4Range, listField } from './fields';

/** RFC 1918, RFC 6598, and RFC 3927 (metadata services of clouds). */
export const blockedRanges = () =>
  listField(
    ipv4Range().refine((range) => !range.endsWith('/0'), { error: 'a range smaller than all addresses' }),
  ).default(['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']);
