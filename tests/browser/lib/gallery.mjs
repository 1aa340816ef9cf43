// Serves the gallery: every page of the templates, filled with a sample, as files in a folder.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

export const folder = process.env.FORBEAR_GALLERY;

const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The names of its pages. */
export function pages() {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.slice(0, -".html".length))
    .sort();
}

/** Starts the server and answers with it and its address. */
export async function serve() {
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url, "http://gallery");
    const file = join(folder, pathname);
    if (!existsSync(file)) return answer.writeHead(404).end();
    const type = { "content-type": KINDS[extname(file)] };
    const bytes = readFileSync(file);
    // As the program does; a font is compressed already.
    if (extname(file) === ".woff2") return answer.writeHead(200, type).end(bytes);
    return answer.writeHead(200, { ...type, "content-encoding": "gzip" }).end(gzipSync(bytes));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}
