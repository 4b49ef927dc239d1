import type { Program } from './keeper';
import { HOST } from './servers';

/** A program that serves HTTP on the loopback interface. */
export interface Service {
  readonly program: Program;

  /** A URL that answers with success when the service is ready. */
  readonly sign: string;

  /** Where its metrics are, in the form of Prometheus. */
  readonly metrics?: string;
}

/** Host and port as flags take them. */
export const at = (port: number): string => `${HOST}:${String(port)}`;

export const urlOf = (port: number): string => `http://${at(port)}`;
