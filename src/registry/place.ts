/** A repository in an OCI registry. */
export interface RegistryPlace {
  /** Host, with the port where one is given, as people write it. */
  readonly host: string;
  /** Where its API is: `https://host`. */
  readonly root: string;
  /** Name of the repository: `labs/classroom`. */
  readonly repository: string;
}

/** The registry of Docker has its API at another host. */
const DOCKER_HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/**
 * Reads the address of a repository.
 * @param url `oci://host/repository`, as the settings have it
 * @param insecure whether the registry has no TLS
 */
export function placeOf(url: string, insecure: boolean): RegistryPlace {
  const [host = '', ...names] = url.replace(/^oci:\/\//, '').split('/');
  return {
    host,
    root: `${insecure ? 'http' : 'https'}://${DOCKER_HOSTS[host] ?? host}`,
    repository: names.join('/'),
  };
}
