import { systems } from './systems';
import { runTool } from './tool-run';

/**
 * Seals a Secret for the controller of this run, as `kubeseal` does.
 * @param secret the Secret as YAML or JSON, with its namespace
 * @param options of kubeseal, such as --scope cluster-wide
 * @returns the SealedSecret as YAML
 */
export const seal = (secret: string, ...options: string[]): string =>
  runTool('kubeseal', ['--format=yaml', `--cert=${systems().certificate}`, ...options], { input: secret });
