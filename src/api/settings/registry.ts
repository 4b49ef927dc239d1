import { matching } from '../values/fields';

const LABEL = '[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?';
const PORT = ':([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const PATH_PART = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*';

/** OCI Distribution, "Pulling manifests". Docker reads a first part without dot and port as a path on Docker Hub. */
export const registry = () =>
  matching(
    new RegExp(`^(${LABEL}(\\.${LABEL})+(${PORT})?|${LABEL}${PORT})(/${PATH_PART})*$`),
    'a registry as host[:port][/path], such as ttl.sh or registry.example.com/team, without scheme, user or password',
    200,
  );
