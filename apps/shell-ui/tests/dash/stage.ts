import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A server of a test, on a port of its own. */
export interface Stage {
  readonly port: number;
  readonly url: string;
  readonly server: Server;
  readonly close: () => Promise<void>;
}

/** Serve until closed. */
export async function serve(listener: RequestListener): Promise<Stage> {
  const server: Server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { port, url: `http://127.0.0.1:${String(port)}`, server, close };
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Send a request whose path is left as it is. */
export async function ask(port: number, path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Send a request line that no client library would; returns the status. */
export async function askRaw(port: number, target: string, headers: readonly string[] = []): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  const lines = [`GET ${target} HTTP/1.1`, "Host: kyros.test", "Connection: close", ...headers, "", ""];
  // Not `end`: a browser that says no more is taken for one that has left.
  socket.write(Buffer.from(lines.join("\r\n"), "latin1"));
  let text = "";
  for await (const part of socket) {
    text += String(part);
  }
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
}
