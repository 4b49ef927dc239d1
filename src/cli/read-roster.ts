import { readRoster, type Roster } from '../edit/roster';
import { readBytes } from './read-bytes';

const MOST_MEBIBYTES = 16;

/**
 * Reads a roster from a file, or (`-`) from standard input.
 * @throws DozlabError with code `invalid-values` when it cannot be read at all
 */
export const readRosterFile = (path: string): Roster => readRoster(path, readBytes(path, MOST_MEBIBYTES));
