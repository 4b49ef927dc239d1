import { ipv4Range, listField } from './fields';

/**
 * Addresses that isolated pods may not reach. Default: private networks (RFC 1918), shared addresses (RFC 6598) and link-local addresses
 * (RFC 3927), which the metadata services of clouds use.
 */
export const blockedRanges = () =>
  listField(ipv4Range().refine((range) => !range.endsWith('/0'), { error: 'a range smaller than all addresses' })).default([
    '10.0.0.0/8',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
  ]);
