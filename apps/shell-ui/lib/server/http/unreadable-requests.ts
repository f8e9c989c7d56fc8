import "server-only";

import { STATUS_CODES, type Server } from "node:http";
import type { Duplex } from "node:stream";

import { closeAfterWriting } from "./close-after";
import { requestIdOf } from "./request-id";
import { standInPage } from "./stand-in";

const TOO_LARGE = {
  status: 431,
  title: "Your browser sent too much",
  message:
    "The address or the cookies are longer than this site takes. Open the site by its short address; if that does not help, delete its cookies in your browser.",
  link: { href: "/", text: "Go to the start" },
};
const TOO_SLOW = {
  status: 408,
  title: "That took too long",
  message: "The request did not arrive in time. Try again.",
};
const BROKEN = {
  status: 400,
  title: "This cannot be read",
  message: "What arrived is not a request that this site understands. Try again.",
};

const PAGES: Readonly<Record<string, typeof BROKEN>> = {
  HPE_HEADER_OVERFLOW: TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** Answer by a page what Node cannot read as a request and would answer by a bare status. */
export function answerUnreadable(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    void write(socket, PAGES[error.code ?? ""] ?? BROKEN);
  });
}

async function write(socket: Duplex, page: typeof BROKEN): Promise<void> {
  const response = standInPage({ ...page, branded: true, requestId: requestIdOf(new Headers()), theme: null });
  const body = Buffer.from(await response.arrayBuffer());
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("connection", "close");
  response.headers.set("content-length", String(body.byteLength));
  const status = `HTTP/1.1 ${String(response.status)} ${STATUS_CODES[response.status] ?? ""}`;
  const head = [status, ...[...response.headers].map(([name, value]) => `${name}: ${value}`)];
  socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]));
  closeAfterWriting(socket);
}
