export const dynamic = "force-dynamic";

/** Alive; touches nothing, so that a service it depends on cannot make this one look dead. */
export function GET(): Response {
  const body = { status: "ok", timestamp: new Date().toISOString() };
  return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}
