import { expect, it } from "vitest";

import { SharedQuestion } from "@/lib/server/dash/shared-question";

/** Questions that are answered when the test says so. */
function held() {
  const open: { answer: (value: number) => void; fail: (error: Error) => void }[] = [];
  const put = () => new Promise<number>((answer, fail) => open.push({ answer, fail }));
  return { open, put };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("shares the next question among those who come while one is on its way", async () => {
  const { open, put } = held();
  const question = new SharedQuestion<number>();
  const first = question.ask("k", put);
  const others = [question.ask("k", put), question.ask("k", put)];
  await turn();
  expect(open).toHaveLength(1);
  open[0]?.answer(1);
  expect(await first).toBe(1);
  await turn();
  expect(open).toHaveLength(2);
  const latest = question.ask("k", put);
  open[1]?.answer(2);
  expect(await Promise.all(others)).toEqual([2, 2]);
  await turn();
  open[2]?.answer(3);
  expect(await latest).toBe(3);
});

it("puts the next one also when the one on its way fails, and begins afresh after the last", async () => {
  const { open, put } = held();
  const question = new SharedQuestion<number>();
  const first = question.ask("k", put);
  const second = question.ask("k", put);
  open[0]?.fail(new Error("away"));
  await expect(first).rejects.toThrow("away");
  await turn();
  open[1]?.answer(2);
  expect(await second).toBe(2);
  const third = question.ask("k", put);
  expect(open).toHaveLength(3);
  open[2]?.answer(3);
  expect(await third).toBe(3);
});

it("keeps questions apart by their keys", async () => {
  const { open, put } = held();
  const question = new SharedQuestion<number>();
  const asks = [question.ask("a", put), question.ask("b", put)];
  open[0]?.answer(1);
  open[1]?.answer(2);
  expect(await Promise.all(asks)).toEqual([1, 2]);
});
