// Usage: node limit.js LIST. Reads files and writes files of given sizes, nothing else.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Transfer } from '../runners/limit';

const { reads, folders, writes } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Transfer;
for (const path of reads) readFileSync(path, 'utf8');
for (const folder of folders) mkdirSync(folder, { recursive: true });
const text = 'x'.repeat(Math.max(...writes.map(({ bytes }) => bytes)));
for (const { path, bytes } of writes) writeFileSync(path, text.slice(0, bytes));
