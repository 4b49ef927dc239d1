import { program } from './servers';
import { at, urlOf, type Service } from './service';

/** An OCI registry, without TLS, that forgets all when it ends. */
export const registry = (bin: string, port: number): Service => ({
  program: { ...program(bin, 'crane', {}), args: ['registry', 'serve', `--address=${at(port)}`] },
  sign: `${urlOf(port)}/v2/`,
});
