'use strict';
// Serves the files of a folder over HTTP: node internet-process.js FOLDER ADDRESS. A process of its own, as tests wait for kubectl. It prints its
// port, and ends at the end of its standard input. It sends the rest of a file if asked, and with ?slow in the address 8 MiB a second.
const { createReadStream, statSync } = require('node:fs');
const { createServer } = require('node:http');
const { join, normalize } = require('node:path');
const { pipeline } = require('node:stream');
const { setTimeout: sleep } = require('node:timers/promises');

const ETAG = '"1"';

async function* slowly(chunks) {
  for await (const chunk of chunks) {
    yield chunk;
    await sleep(chunk.length / (8 << 20) / 1e-3);
  }
}

const [folder, address] = process.argv.slice(2);
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://x');
  const path = join(folder, normalize(pathname));
  let size;
  try {
    ({ size } = statSync(path));
  } catch {
    response.writeHead(404).end();
    return;
  }
  const [, rest] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isRest = rest !== undefined && request.headers['if-range'] === ETAG;
  const start = isRest ? Number(rest) : 0;
  const range = isRest ? { 'content-range': `bytes ${start}-${size - 1}/${size}` } : {};
  response.writeHead(isRest ? 206 : 200, { 'content-length': size - start, etag: ETAG, ...range });
  const file = createReadStream(path, { start });
  pipeline(searchParams.has('slow') ? slowly(file) : file, response, () => undefined);
});
server.listen(0, address, () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit()).resume();
