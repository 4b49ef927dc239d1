import { join } from 'node:path';
import { urlOf, type Service } from './service';

/** Serves the bare Git repositories of a folder over HTTP, to be read: `http://127.0.0.1:PORT/NAME.git`. */
export const gitServer = (folder: string, port: number): Service => ({
  program: {
    name: 'git-server',
    command: process.execPath,
    args: [join(__dirname, 'git-server-process.js'), folder, String(port)],
  },
  sign: urlOf(port),
});
