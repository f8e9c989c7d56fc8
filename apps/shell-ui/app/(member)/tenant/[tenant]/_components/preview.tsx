import type { ReactNode } from "react";

import { numbersFrom, seedOf, type PreviewKind } from "@/lib/preview-kind";

const WIDTH = 320;
const HEIGHT = 120;
const BASE = 104;

interface PreviewProps {
  readonly kind: PreviewKind;
  /** Varies the drawing; the same seed always gives the same one. */
  readonly seed: string;
}

/** A figure of that kind as a quiet drawing. It shows no data; it tells dashboards apart. */
export function Preview({ kind, seed }: PreviewProps) {
  const numbers = numbersFrom(seedOf(seed));
  const next = () => numbers.next().value;
  return (
    <svg
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="xMidYMid slice"
      className="tenant-ink size-full"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.25"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {kind !== "heatmap" && <Grid />}
      {DRAWINGS[kind](next)}
    </svg>
  );
}

const DRAWINGS: Record<PreviewKind, (next: () => number) => ReactNode> = {
  curve: drawCurve,
  distribution: drawDistribution,
  bars: drawBars,
  lines: drawLines,
  heatmap: drawHeatmap,
  scatter: drawScatter,
};

function Grid() {
  return (
    <path d={[32, 56, 80].map((y) => `M24 ${String(y)}H296`).join("") + `M24 ${String(BASE)}H296`} strokeWidth="1" opacity="0.14" />
  );
}

type Point = readonly [x: number, y: number];

function steps(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index / (count - 1));
}

function path(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** Something that adds up and levels off, with the band it lies in, and dots for what was seen. */
function drawCurve(next: () => number): ReactNode {
  const bend = 1.8 + next() * 1.4;
  const at = (share: number, factor: number): Point => {
    const height = ((1 - Math.exp(-bend * share)) / (1 - Math.exp(-bend))) * 72 * (1 + factor * share);
    return [24 + share * 272, BASE - height];
  };
  const upper = steps(25).map((share) => at(share, 0.14));
  const lower = steps(25).map((share) => at(share, -0.2));
  const seen = steps(9).map((share) => at(share * 0.62, (next() - 0.5) * 0.16));
  return (
    <>
      <path d={`${path([...upper, ...lower.reverse()])}Z`} fill="currentColor" stroke="none" opacity="0.16" />
      <path d={path(steps(25).map((share) => at(share, 0)))} />
      {seen.map(([x, y]) => (
        <circle key={x} cx={x.toFixed(1)} cy={y.toFixed(1)} r="3" fill="currentColor" stroke="none" opacity="0.55" />
      ))}
    </>
  );
}

/** Two humps that overlap. */
function drawDistribution(next: () => number): ReactNode {
  const hump = (middle: number, width: number, height: number): Point[] =>
    steps(41).map((share) => [24 + share * 272, BASE - height * Math.exp(-(((share - middle) / width) ** 2))]);
  const left = hump(0.3 + next() * 0.06, 0.15, 52);
  const right = hump(0.62 + next() * 0.06, 0.17, 74);
  return (
    <>
      <path d={`${path(right)}Z`} fill="currentColor" opacity="0.22" stroke="none" />
      <path d={path(right)} />
      <path d={`${path(left)}Z`} fill="currentColor" opacity="0.1" stroke="none" />
      <path d={path(left)} strokeDasharray="1 5" />
    </>
  );
}

function drawBars(next: () => number): ReactNode {
  return steps(9).map((share, index) => {
    const height = 18 + (1 - share) * 44 + next() * 18;
    return (
      <rect key={share} x={24 + index * 31} y={(BASE - height).toFixed(1)} width="23" height={height.toFixed(1)} rx="3" fill="currentColor" stroke="none" opacity={index === 0 ? 0.85 : 0.32} />
    );
  });
}

function drawLines(next: () => number): ReactNode {
  return [1, 0.5, 0.28].map((opacity, line) => {
    let y = 44 + line * 20;
    const points = steps(12).map((share): Point => {
      y = Math.min(98, Math.max(20, y + (next() - 0.55) * 17));
      return [24 + share * 272, y];
    });
    return <path key={opacity} d={path(points)} opacity={opacity} />;
  });
}

/** A triangle of cells that fade, as groups do that are followed over time. */
function drawHeatmap(next: () => number): ReactNode {
  return steps(6).flatMap((_, row) =>
    steps(12)
      .slice(0, 12 - row)
      .map((share, column) => (
        <rect
          key={`${String(row)}-${String(column)}`}
          x={24 + column * 23}
          y={14 + row * 16}
          width="20"
          height="13"
          rx="2.5"
          fill="currentColor"
          stroke="none"
          opacity={(0.12 + (1 - share) * 0.5 + next() * 0.16).toFixed(2)}
        />
      )),
  );
}

function drawScatter(next: () => number): ReactNode {
  return steps(34).map((share) => {
    const y = BASE - 12 - share * 62 - (next() - 0.5) * 44;
    return (
      <circle key={share} cx={(28 + share * 262).toFixed(1)} cy={Math.max(14, Math.min(98, y)).toFixed(1)} r={(2.2 + next() * 3).toFixed(1)} fill="currentColor" stroke="none" opacity={(0.25 + next() * 0.45).toFixed(2)} />
    );
  });
}
