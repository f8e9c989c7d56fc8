import { describe, expect, it } from "vitest";

import { SingleFlightCache } from "@/lib/server/single-flight-cache";
import { countDenial, countLook, countRequest, MOST_TENANTS, registry, type CacheResult } from "@/lib/server/watch/metrics";

async function lines(name: string): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line.startsWith(`${name}{`));
}

const request = { route: "/tenants", method: "GET", status: 200, seconds: 0.02, tenant: null };

describe("what is counted", () => {
  it("is a request by its route, method and status, and how long it took", async () => {
    countRequest(request);
    const labels = 'service="shell-ui",route="/tenants",method="GET"';
    expect(await lines("kyros_http_requests_total")).toContain(`kyros_http_requests_total{${labels},status="200"} 1`);
    expect(await lines("kyros_http_request_duration_seconds_count")).toContain(`kyros_http_request_duration_seconds_count{${labels}} 1`);
    expect(await lines("kyros_http_request_duration_seconds_bucket")).toContain(
      `kyros_http_request_duration_seconds_bucket{le="0.025",${labels}} 1`,
    );
  });

  it("has one name for methods that nobody knows", async () => {
    for (const method of ["GUESS", "GUESS2"]) {
      countRequest({ ...request, route: "/guessed", method });
    }
    const labels = 'service="shell-ui",route="/guessed",method="OTHER",status="200"';
    expect(await lines("kyros_http_requests_total")).toContain(`kyros_http_requests_total{${labels}} 2`);
  });

  it("names so many tenants and no more", async () => {
    for (let number = 0; number < MOST_TENANTS + 50; number += 1) {
      countRequest({ ...request, status: 403, tenant: `t${String(number)}` });
    }
    const series = await lines("kyros_tenant_requests_total");
    expect(series).toHaveLength(MOST_TENANTS + 1);
    expect(series).toContain('kyros_tenant_requests_total{service="shell-ui",tenant="other",outcome="refused"} 50');
  });

  it("is a refusal by its code, and a look into a cache by what came of it", async () => {
    countDenial("CROSS_ORIGIN");
    countLook("files", "hit");
    expect(await lines("kyros_denials_total")).toContain('kyros_denials_total{service="shell-ui",code="CROSS_ORIGIN"} 1');
    expect(await lines("kyros_cache_requests_total")).toContain(
      'kyros_cache_requests_total{service="shell-ui",cache="files",result="hit"} 1',
    );
  });

  it("tells those who waited for another's answer from those who asked", async () => {
    const seen: CacheResult[] = [];
    const cache = new SingleFlightCache<number>(10, { counted: (result) => seen.push(result) });
    const get = () => cache.get("k", () => true, () => Promise.resolve(1));
    await Promise.all([get(), get()]);
    await get();
    expect(seen).toEqual(["miss", "shared", "hit"]);
  });
});
