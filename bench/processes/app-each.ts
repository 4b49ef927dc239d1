// An App of its own for each session, in one process. Usage: node app-each.js SESSIONS OUTPUT
import { readFileSync } from 'node:fs';
import { synthApp, type GivenSession } from './session-app';

const [list = '', output = ''] = process.argv.slice(2);
for (const session of JSON.parse(readFileSync(list, 'utf8')) as GivenSession[]) synthApp(output, [session]);
